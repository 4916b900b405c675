import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lentSeal, sealWith } from "../../../main/runtime/secret-seal.ts";
import { Secrets } from "../../../main/runtime/secrets.ts";
import { bundleVariables } from "../../../main/stack/docker/bundle-variables.ts";

const VALUE = "a token of some other service";
let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "breadthflow-secrets-"));
  file = join(folder, "secrets.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

const newKey = () => randomBytes(32).toString("base64url");

test("what a person sets is sealed with the lent key, and opened with no other", () => {
  const key = newKey();
  const secrets = new Secrets(file, sealWith(key));
  const generated = secrets.get("engine");
  secrets.replace("broker", VALUE);
  expect(readFileSync(file, "utf8")).not.toContain(VALUE);
  expect(secrets.get("broker")).toBe(VALUE);
  expect(secrets.values().sort()).toEqual([VALUE, generated].sort());

  expect(new Secrets(file, sealWith(key)).get("broker")).toBe(VALUE);
  for (const other of [new Secrets(file), new Secrets(file, sealWith(newKey()))]) {
    expect(() => other.get("broker")).toThrow(
      "The secret broker is sealed with a key that the system's keychain keeps.",
    );
    expect(other.get("engine"), "generated tokens need no key").toBe(generated);
  }
  expect(new Secrets(file).values()).toEqual([generated]);
});

test("what the workbench needs to start is open to every shell, whoever set it", () => {
  const seal = sealWith(newKey());
  const inTheWindow = new Secrets(file, seal);
  inTheWindow.get("engine");
  inTheWindow.replace("engine", VALUE);
  expect(new Secrets(file).get("engine")).toBe(VALUE);

  // As the window once kept it.
  writeFileSync(file, JSON.stringify({ endpoint: seal.seal(VALUE) }));
  expect(() => new Secrets(file).get("endpoint")).toThrow("sealed with a key");
  expect(inTheWindow.get("endpoint")).toBe(VALUE);
  expect(new Secrets(file).get("endpoint")).toBe(VALUE);
});

test("what the services of the bundles start with is open to every shell", () => {
  const asked: string[] = [];
  const get = (name: string) => {
    asked.push(name);
    return VALUE;
  };
  const bundles = join(import.meta.dirname, "../../../compose-bundles");
  const workspace = { root: folder, mlflow: join(folder, "mlflow") };
  bundleVariables({ environment: {}, secrets: { get }, workspace, bundles });
  expect(asked).toContain("engine");
  const inTheWindow = new Secrets(file, sealWith(newKey()));
  for (const name of asked) inTheWindow.replace(name, VALUE);
  for (const name of asked) expect(new Secrets(file).get(name), name).toBe(VALUE);
});

test("a sealed value that was changed on the disk is refused", () => {
  const seal = sealWith(newKey());
  const sealed = seal.seal(VALUE);
  expect(seal.open(sealed)).toBe(VALUE);
  expect(seal.seal(VALUE)).not.toBe(sealed);
  const last = sealed.at(-2) === "A" ? "B" : "A";
  expect(() => seal.open(sealed.slice(0, -2) + last + sealed.at(-1))).toThrow();
});

test("without a keychain the file alone keeps it, for its owner's eyes only", () => {
  const secrets = new Secrets(file, lentSeal({}));
  secrets.replace("broker", VALUE);
  expect(new Secrets(file).get("broker")).toBe(VALUE);
});

test("the lent key leaves the environment, which services inherit", () => {
  const env = { BREADTHFLOW_SECRETS_KEY: newKey() };
  expect(lentSeal(env)).not.toBeNull();
  expect(env).toEqual({});
});
