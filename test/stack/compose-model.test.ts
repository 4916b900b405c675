import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonical, configHash } from "../../main/stack/compose/canonical.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { corpus, ENVIRONMENT, expectedOf, loadOptions, portable } from "./support/corpus.ts";
import { askCompose } from "./support/oracle.ts";

const record = process.env.RECORD_CORPUS === "1";

function argumentsOf(one: ReturnType<typeof corpus>[number]): string[] {
  return [
    ...one.files.flatMap((file) => ["-f", file]),
    ...one.profiles.flatMap((profile) => ["--profile", profile]),
  ];
}

describe("docker compose reads the corpus as we do", () => {
  for (const one of corpus()) {
    test(one.name, () => {
      const asked = askCompose([...argumentsOf(one), "config", "--format", "json"], ENVIRONMENT);
      if (one.refused) {
        expect(asked.ok).toBe(false);
        expect(() => loadPlan(loadOptions(one))).toThrow();
        return;
      }
      expect(asked.errors).toBe("");
      if (record) writeFileSync(one.expectedFile, `${portable(asked.output)}\n`);
      const theirs = JSON.parse(asked.output);
      expect(expectedOf(one)).toEqual(theirs);
      expect(canonical(loadPlan(loadOptions(one)))).toEqual(theirs);
    });
  }

  test("and the product's own bundles, with every profile", () => {
    const file = join(import.meta.dirname, "../../compose-bundles/compose.yaml");
    const { output } = askCompose(
      ["-f", file, "--profile", "*", "config", "--format", "json"],
      ENVIRONMENT,
    );
    const plan = loadPlan({ files: [file], profiles: ["*"], environment: ENVIRONMENT });
    expect(canonical(plan)).toEqual(JSON.parse(output));
  });

  test("and hashes every service alike", () => {
    // `config --hash` leaves env files out, so cases with them are told apart by their labels.
    const cases = corpus().filter(
      (one) => !one.refused && !["env-files", "extends"].includes(one.name),
    );
    for (const one of cases) {
      const { output } = askCompose([...argumentsOf(one), "config", "--hash", "*"], ENVIRONMENT);
      const plan = loadPlan(loadOptions(one));
      const ours = Object.values(plan.services).map(
        ({ name, model }) => `${name} ${configHash(model)}`,
      );
      expect(ours).toEqual(output.trim().split("\n"));
    }
  });
});
