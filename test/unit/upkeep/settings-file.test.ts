import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Network, Settings } from "../../../contract/settings.ts";
import { NetworkVariables } from "../../../main/upkeep/network.ts";
import { SettingsFile } from "../../../main/upkeep/settings-file.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breadthflow-settings-"));
  file = join(folder, "settings.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = (network: Partial<Network>) => Settings.parse({ network });

describe("the settings file", () => {
  test("what was set is there when the workspace is opened again", async () => {
    await new SettingsFile(file).set(settings({ proxy: "http://proxy.example:3128" }));
    expect(new SettingsFile(file).get().network.proxy).toBe("http://proxy.example:3128");
  });

  test("a certificate that is not there is refused by its field, and nothing changes", async () => {
    const kept = new SettingsFile(file);
    const missing = join(folder, "none.pem");
    await expect(kept.set(settings({ ca_certificate: missing }))).rejects.toMatchObject({
      problem: { code: "settings.no_certificate", where: { field: "network.ca_certificate" } },
    });
    expect(kept.get().network.ca_certificate).toBeNull();
  });

  test("a damaged file is named, not overwritten", () => {
    writeFileSync(file, '{"network": {"proxy": 7}}');
    expect(() => new SettingsFile(file)).toThrow(/settings\.json cannot be understood/);
    expect(readFileSync(file, "utf8")).toContain("7");
  });

  test("an address that is no address is refused", () => {
    expect(Network.safeParse({ proxy: "proxy:3128" }).success).toBe(false);
    expect(Network.safeParse({ proxy: "file:///etc/passwd" }).success).toBe(false);
  });
});

describe("the variables of the network", () => {
  test("settings stand above the machine's own, and give them back", () => {
    const environment: NodeJS.ProcessEnv = { HTTPS_PROXY: "http://machine:1" };
    const variables = new NetworkVariables(environment);
    variables.apply(Network.parse({ proxy: "http://mine:2", ca_certificate: "/a.pem" }));
    expect(environment.HTTPS_PROXY).toBe("http://mine:2");
    expect(environment.SSL_CERT_FILE).toBe("/a.pem");
    // Services of the stack are on loopback: a proxy would answer in their place.
    expect(environment.NO_PROXY).toContain("127.0.0.1");
    variables.apply(Network.parse({}));
    expect(environment).toEqual({ HTTPS_PROXY: "http://machine:1" });
  });
});
