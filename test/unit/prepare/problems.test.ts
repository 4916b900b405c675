import { chmodSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installProblem } from "../../../scripts/prepare/problem.mjs";
import { House, npmLock, tinyLock } from "./fixture.ts";

let house: House;

beforeEach(async () => {
  house = await House.make();
});
afterEach(() => house.remove());

/** The last line, which is the one sentence that a person reads. */
const lastLine = (text: string) => text.trimEnd().split("\n").at(-1);

test("no Python: says which versions do, and how to get one", async () => {
  const { code, text } = await house.prepare(["--env", "tiny"], {
    PATH: path.join(house.root, "nowhere"),
    HOME: house.root,
    PYENV_ROOT: house.root,
  });
  expect(code).toBe(1);
  expect(lastLine(text)).toMatch(
    /^No Python was found; install Python 3\.11 or 3\.12 \(Debian.* run the same command again\.$/,
  );
});

test.skipIf(process.platform === "win32")("an old Python is named with its version", async () => {
  const old = path.join(house.root, "old-python");
  house.write("old-python", `#!/bin/sh\necho '[[3, 9, 2], "${old}", true]'\n`);
  chmodSync(old, 0o755);
  const { code, text } = await house.prepare(["--env", "tiny"], { BREADTHFLOW_PYTHON: old });
  expect(code).toBe(1);
  expect(lastLine(text)).toContain(`Python 3.9.2 at ${old} is not one that the engine runs on;`);
});

test("an unreachable Python index: names it and the setting for a mirror", async () => {
  const { code, text } = await house.prepare(["--env", "tiny"], {
    UV_DEFAULT_INDEX: "http://127.0.0.1:9/simple",
    UV_CACHE_DIR: path.join(house.root, "uv-cache"),
    UV_HTTP_RETRIES: "0",
  });
  expect(code).toBe(1);
  expect(lastLine(text)).toBe(
    "The Python package index (127.0.0.1:9) cannot be reached, so the Python packages of environment tiny cannot be installed; connect to the network, or set UV_DEFAULT_INDEX to a mirror, and run the same command again.",
  );
  expect(house.environments()).toEqual([]);
});

test("pip's index setting is uv's too", async () => {
  const { text } = await house.prepare(["--env", "tiny"], {
    PIP_INDEX_URL: "http://name:secret@127.0.0.1:9/simple",
    UV_CACHE_DIR: path.join(house.root, "uv-cache"),
    UV_HTTP_RETRIES: "0",
  });
  expect(lastLine(text)).toContain("The Python package index (127.0.0.1:9) cannot be reached");
  expect(text).not.toContain("secret");
});

test("an unreachable npm registry: one sentence with what to do", async () => {
  house.write("package-lock.json", npmLock({ ms: `sha512-${"A".repeat(86)}==` }));
  house.write(
    "package.json",
    JSON.stringify({ name: "fixture", version: "1.0.0", dependencies: { ms: "1.0.0" } }),
  );
  const { code, text } = await house.prepare([], {
    npm_config_registry: "http://127.0.0.1:9/",
    npm_config_cache: path.join(house.root, "npm-cache"),
    npm_config_fetch_retries: "0",
  });
  expect(code).toBe(1);
  expect(lastLine(text)).toBe(
    "The npm registry cannot be reached, so the npm packages cannot be installed; connect to the network, or set npm_config_registry to a mirror, and run the same command again.",
  );
});

test("a package that is not the one in the lock is refused", async () => {
  house.write(
    "compose-bundles/engine/locks/tiny.txt",
    tinyLock.replaceAll(/sha256:[0-9a-f]{4}/g, "sha256:0000"),
  );
  const { code, text } = await house.prepare(["--env", "tiny"]);
  expect(code).toBe(1);
  expect(lastLine(text)).toMatch(/something other than what the lock names .* do not install it/);
  expect(house.environments()).toEqual([]);
});

test("an environment that does not exist is refused by name", async () => {
  const { code, text } = await house.prepare(["--env", "astrology"]);
  expect(code).toBe(1);
  expect(lastLine(text)).toContain("There is no environment called astrology");
});

test.each([
  ["prepare.disk_full", "error: failed to write: No space left on device (os error 28)"],
  ["prepare.disk_full", "npm error code ENOSPC\nnpm error nospc ENOSPC: no space left"],
  ["prepare.certificate", "invalid peer certificate: UnknownIssuer"],
  ["prepare.registry_unreachable", "npm error code EAI_AGAIN"],
  ["prepare.not_writable", "error: Permission denied (os error 13)"],
  ["prepare.install_failed", "error: something new"],
])("what an installer says is told as %s", (code, output) => {
  const where = { what: "it", registry: "The index", variable: "INDEX", log: "prepare.log" };
  expect(installProblem({ ...where, output })).toMatchObject({ code });
});
