import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { registryLogin, registryOf } from "../../../main/stack/docker/registry-login.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "docker-home-"));
  mkdirSync(join(home, ".docker"));
});
afterEach(() => rmSync(home, { recursive: true }));

const HUB = "https://index.docker.io/v1/";
const base64 = (text: string) => Buffer.from(text).toString("base64");
const place = () => ({
  environment: { PATH: `${home}${delimiter}${process.env.PATH}` },
  home,
});
function login(image: string, config: unknown) {
  writeFileSync(join(home, ".docker/config.json"), JSON.stringify(config));
  return registryLogin(image, place());
}

test.each([
  ["postgres", HUB],
  ["postgres:17", HUB],
  ["versity/versitygw:v1", HUB],
  ["docker.io/library/postgres", HUB],
  ["localhost/tool", "localhost"],
  ["127.0.0.1:5000/team/tool:1", "127.0.0.1:5000"],
  ["registry.example.com/tool@sha256:00", "registry.example.com"],
])("%s comes from %s", (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});

test("a login is the one of the image's registry, and no other's", async () => {
  const auths = {
    "registry.example.com": { auth: base64("me:a:b") },
    "https://old.example.com": { auth: base64("old:secret") },
    "token.example.com": { identitytoken: "t", auth: "" },
    "none.example.com": {},
  };
  expect(await login("registry.example.com/tool", { auths })).toEqual({
    ...{ username: "me", password: "a:b", serveraddress: "registry.example.com" },
  });
  expect(await login("old.example.com/tool", { auths })).toMatchObject({ username: "old" });
  expect(await login("token.example.com/tool", { auths })).toEqual({
    ...{ identitytoken: "t", serveraddress: "token.example.com" },
  });
  for (const image of ["none.example.com/tool", "other.example.com/tool", "postgres"]) {
    expect(await login(image, { auths }), image).toBeUndefined();
  }
});

// Windows starts no script without a program to run it.
test.skipIf(process.platform === "win32")("a helper is asked for its own registry", async () => {
  const helper = join(home, "docker-credential-test");
  writeFileSync(
    helper,
    `#!/bin/sh
[ "$1" = get ] || exit 2
read -r registry
case $registry in
  known.example.com) echo '{"Username":"me","Secret":"one"}';;
  token.example.com) echo '{"Username":"<token>","Secret":"two"}';;
  odd.example.com) echo '{"Userna';;
  *) echo "credentials not found in native keychain"; exit 1;;
esac
`,
  );
  chmodSync(helper, 0o755);
  const config = { credsStore: "absent", credHelpers: {} as Record<string, string> };
  for (const name of ["known", "token", "odd", "unknown"]) {
    config.credHelpers[`${name}.example.com`] = "test";
  }
  expect(await login("known.example.com/tool", config)).toMatchObject({
    ...{ username: "me", password: "one" },
  });
  expect(await login("token.example.com/tool", config)).toMatchObject({ identitytoken: "two" });
  expect(await login("odd.example.com/tool", config)).toBeUndefined();
  expect(await login("unknown.example.com/tool", config)).toBeUndefined();
  // The store for all others is a program that is not there: most images need no login.
  expect(await login("postgres", config)).toBeUndefined();
  const escaping = { credsStore: "../../bin/test" };
  expect(await login("postgres", escaping)).toBeUndefined();
});

test("without a configuration, or with one that cannot be read, nobody is logged in", async () => {
  expect(await registryLogin("postgres", place())).toBeUndefined();
  writeFileSync(join(home, ".docker/config.json"), "{");
  expect(await registryLogin("postgres", place())).toBeUndefined();
  expect(await login("postgres", { auths: [] })).toBeUndefined();
});
