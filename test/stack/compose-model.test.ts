import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Environments } from "../../main/runtime/environments.ts";
import { canonical, configHash } from "../../main/stack/compose/canonical.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { WorkspaceOverlay } from "../../main/stack/docker/workspace-overlay.ts";
import { modelServerService } from "../../main/stack/services/model-server.ts";
import { corpus, ENVIRONMENT, expectedOf, loadOptions, portable } from "./support/corpus.ts";
import { askCompose } from "./support/oracle.ts";

const BUNDLES = join(import.meta.dirname, "../../compose-bundles");
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
    const file = join(BUNDLES, "compose.yaml");
    const { output } = askCompose(
      ["-f", file, "--profile", "*", "config", "--format", "json"],
      ENVIRONMENT,
    );
    const plan = loadPlan({ files: [file], profiles: ["*"], environment: ENVIRONMENT });
    expect(canonical(plan)).toEqual(JSON.parse(output));
  });

  test("and the bundles on a workspace, with models that are served and folders that are read", async () => {
    const workspace = mkdtempSync(join(tmpdir(), "stack-overlay-"));
    try {
      // A dollar in a path begins no variable.
      const [models, prices] = ["models of $HOME", "prices"].map((name) => join(workspace, name));
      for (const folder of [models, prices]) mkdirSync(folder as string);
      const overlay = new WorkspaceOverlay(join(workspace, "overlay.yaml"), join(workspace, "own"));
      const server = modelServerService({
        environments: new Environments({ root: join(import.meta.dirname, "../..") }),
        ...{
          service: "model-volatility-1",
          folder: join(workspace, "serving"),
          model: "volatility",
        },
        ...{ version: "1", modelFolder: models as string },
      });
      await overlay.put(server.name, (await server.container?.()) ?? {});
      await overlay.see([join(prices as string, "prices.csv")]);
      const files = [
        ...["compose.yaml", "workspace.yaml"].map((name) => join(BUNDLES, name)),
        ...overlay.files,
      ];
      const environment = { ...ENVIRONMENT, BREADTHFLOW_WORKSPACE: join(workspace, "own") };
      const { output, errors } = askCompose(
        [...files.flatMap((file) => ["-f", file]), "--profile", "*", "config", "--format", "json"],
        environment,
      );
      expect(errors).toBe("");
      const ours = canonical(loadPlan({ files, profiles: ["*"], environment }));
      expect(ours).toEqual(JSON.parse(output));
      expect(output).toContain("model-volatility-1");
      expect(JSON.stringify(ours)).toContain(prices);
    } finally {
      rmSync(workspace, { recursive: true });
    }
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
