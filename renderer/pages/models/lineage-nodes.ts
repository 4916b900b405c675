import type { ModelView } from "../../../main/api/views.ts";
import { count, time } from "../../parts/format.ts";

/** One thing on the way from data to deployment. */
export type LineageNode = {
  id: string;
  kind: "data" | "idea" | "code" | "run" | "model" | "deployment";
  title: string;
  lines: string[];
  /** Where a click leads; null for what has no screen. */
  href: string | null;
  column: number;
};

export type LineageLink = { from: string; to: string };

/** What a version rests on, column by column: sources, run, model, deployments. */
export function lineageOf(model: ModelView): { nodes: LineageNode[]; links: LineageLink[] } {
  const { lineage, idea, result } = model;
  const train = lineage.steps.find(({ step }) => step === "train");
  const sources: LineageNode[] = [
    {
      id: "data",
      kind: "data",
      title: lineage.data ? `${lineage.data.name} v${lineage.data.version}` : "Data not there",
      lines: lineage.data
        ? [`${count(lineage.data.rows)} bars`, `${count(lineage.data.symbols)} symbols`]
        : ["The version was removed"],
      href: lineage.data && `~/data/${lineage.data.name}`,
      column: 0,
    },
    {
      id: "idea",
      kind: "idea",
      title: idea?.name ?? "Idea not there",
      lines: idea
        ? [
            idea.target.kind.replaceAll("_", " "),
            `${idea.target.horizon} days, ${idea.validation.folds} folds`,
          ]
        : ["Its run was removed"],
      href: idea && `~/ideas/${idea.id}`,
      column: 0,
    },
    {
      id: "code",
      kind: "code",
      title: train ? `Engine ${train.engine}` : "Code not known",
      lines: train
        ? [`lock ${train.lock.slice(0, 8)}`, `train ${train.key.slice(0, 8)}`]
        : ["The artifacts were removed"],
      href: null,
      column: 0,
    },
  ];
  const run: LineageNode = {
    id: "run",
    kind: "run",
    title: `Run ${model.run}`,
    lines: result
      ? [time(result.started), `verdict ${result.verdict ?? "none"}`]
      : ["It was removed"],
    href: result && `~/ideas/${result.idea}/runs/${model.run}`,
    column: 1,
  };
  const version: LineageNode = {
    id: "model",
    kind: "model",
    title: `${model.name} v${model.version}`,
    lines: ["registered", time(model.created)],
    href: null,
    column: 2,
  };
  const deployments = lineage.deployments.map(
    ({ deployment, state }): LineageNode => ({
      id: `deployment ${deployment}`,
      kind: "deployment",
      title: deployment,
      lines: [state],
      href: `~/deployments/${deployment}`,
      column: 3,
    }),
  );
  return {
    nodes: [...sources, run, version, ...deployments],
    links: [
      ...sources.map(({ id }) => ({ from: id, to: run.id })),
      { from: run.id, to: version.id },
      ...deployments.map(({ id }) => ({ from: version.id, to: id })),
    ],
  };
}
