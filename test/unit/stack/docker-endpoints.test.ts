import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemOf } from "../../../contract/problem.ts";
import { connect, optionsOf } from "../../../main/stack/docker/connection.ts";
import { endpoints } from "../../../main/stack/docker/endpoints.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "docker-home-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const addresses = (environment: Record<string, string>, platform: NodeJS.Platform = "linux") =>
  endpoints({ environment, home, platform }).map(({ address }) => address);

describe("where a daemon is looked for", () => {
  test("DOCKER_HOST alone decides", () => {
    expect(addresses({ DOCKER_HOST: "tcp://10.0.0.1:2376", DOCKER_CONTEXT: "other" })).toEqual([
      "tcp://10.0.0.1:2376",
    ]);
  });

  test("a chosen context, from the configuration or the environment", () => {
    const id = createHash("sha256").update("remote").digest("hex");
    mkdirSync(join(home, ".docker/contexts/meta", id), { recursive: true });
    writeFileSync(
      join(home, ".docker/contexts/meta", id, "meta.json"),
      JSON.stringify({ Name: "remote", Endpoints: { docker: { Host: "ssh://me@remote" } } }),
    );
    expect(addresses({ DOCKER_CONTEXT: "remote" })).toEqual(["ssh://me@remote"]);
    writeFileSync(join(home, ".docker/config.json"), JSON.stringify({ currentContext: "remote" }));
    expect(addresses({})).toEqual(["ssh://me@remote"]);
    expect(addresses({ DOCKER_CONTEXT: "default" })[0]).toBe("unix:///var/run/docker.sock");
  });

  test("else Docker's, Docker Desktop's, rootless and Podman's sockets", () => {
    const found = addresses({ XDG_RUNTIME_DIR: "/run/user/1000" });
    expect(found[0]).toBe("unix:///var/run/docker.sock");
    expect(found).toContain(`unix://${join(home, ".docker/run/docker.sock")}`);
    expect(found).toContain("unix:///run/user/1000/docker.sock");
    expect(found).toContain("unix:///run/user/1000/podman/podman.sock");
    expect(addresses({}, "win32")[0]).toBe("npipe:////./pipe/docker_engine");
  });
});

describe("how it is spoken to", () => {
  const options = (address: string) => optionsOf({ address, from: "test" });

  test("each kind of address", () => {
    expect(options("unix:///run/x.sock")).toEqual({ socketPath: "/run/x.sock" });
    expect(options("npipe:////./pipe/docker_engine")).toEqual({
      socketPath: "//./pipe/docker_engine",
    });
    expect(options("tcp://[::1]:2375")).toEqual({ protocol: "http", host: "::1", port: 2375 });
    expect(options("ssh://me@host:2222")).toEqual({
      protocol: "ssh",
      host: "host",
      port: 2222,
      username: "me",
    });
    expect(() => options("docker.sock")).toThrow(/not the address/);
  });

  test("nobody there is said with what to do", async () => {
    const address = `unix://${join(home, "nobody.sock")}`;
    const problem = await connect([{ address, from: "a test" }]).catch(problemOf);
    expect(problem).toMatchObject({
      code: "docker.unreachable",
      where: { tried: [{ address, error: "ENOENT" }] },
    });
  });
});
