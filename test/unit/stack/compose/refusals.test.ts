import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { problemOf } from "../../../../contract/problem.ts";
import { loadPlan } from "../../../../main/stack/compose/load.ts";
import { corpus, loadOptions } from "../../../stack/support/corpus.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compose-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function refusalOf(yaml: string) {
  const file = join(folder, "compose.yaml");
  writeFileSync(file, yaml);
  try {
    loadPlan({ files: [file], environment: {} });
  } catch (error) {
    return problemOf(error);
  }
  throw new Error("it was not refused");
}

const CODES: Readonly<Record<string, string>> = {
  "refused-bad-interpolation": "compose.bad_interpolation",
  "refused-bad-port": "compose.bad_port",
  "refused-conflicting-limits": "compose.conflict",
  "refused-cycle": "compose.dependency_cycle",
  "refused-duplicate-key": "compose.bad_yaml",
  "refused-env-file-missing": "compose.unreadable",
  "refused-extends-missing": "compose.undefined",
  "refused-external-volume-options": "compose.conflict",
  "refused-include-conflict": "compose.conflict",
  "refused-include-cycle": "compose.include_cycle",
  "refused-no-image": "compose.incomplete",
  "refused-required-variable": "compose.variable_required",
  "refused-type": "compose.invalid",
  "refused-undefined-dependency": "compose.undefined",
  "refused-undefined-network": "compose.undefined",
  "refused-undefined-volume": "compose.undefined",
  "refused-unknown-key": "compose.unsupported",
};

describe("what docker compose refuses is refused with a code", () => {
  for (const one of corpus().filter(({ refused }) => refused)) {
    test(one.name, () => {
      let code: string | undefined;
      try {
        loadPlan(loadOptions(one));
      } catch (error) {
        code = problemOf(error).code;
      }
      expect(code).toBe(CODES[one.name]);
    });
  }
});

describe("what no supervisor here does is refused by name and place", () => {
  const unsupported: readonly (readonly [string, string])[] = [
    ["services.a.credential_spec", "credential_spec: {file: x.json}"],
    ["services.a.develop", "develop: {watch: [{path: ., action: rebuild}]}"],
    ["services.a.links", "links: [b]"],
    ["services.a.external_links", "external_links: [other]"],
    ["services.a.blkio_config", "blkio_config: {weight: 300}"],
    ["services.a.post_start", "post_start: [{command: echo}]"],
    ["services.a.deploy.update_config", "deploy: {update_config: {parallelism: 2}}"],
    ["services.a.deploy.placement.constraints", "deploy: {placement: {constraints: [a]}}"],
    ["services.a.build.ssh", "build: {context: ., ssh: [default]}"],
    ["services.a.build.secrets", "build: {context: ., secrets: [x]}"],
  ];
  for (const [path, yaml] of unsupported) {
    test(path, () => {
      const problem = refusalOf(`services: {a: {image: a, ${yaml}}}\nsecrets: {x: {file: x}}`);
      expect(problem).toMatchObject({ code: "compose.unsupported", where: { path } });
      expect(problem.detail).toContain(path.split(".").at(-1));
    });
  }

  test("deploy.mode global", () => {
    expect(refusalOf("services: {a: {image: a, deploy: {mode: global}}}")).toMatchObject({
      code: "compose.unsupported",
      where: { path: "services.a.deploy.mode" },
    });
  });

  test("a key that the specification does not know, with its line", () => {
    const problem = refusalOf("services:\n  a:\n    image: a\n    imgae: b\n");
    expect(problem.detail).toContain("services.a.imgae");
    expect(problem.detail).toContain("compose.yaml:4");
  });
});
