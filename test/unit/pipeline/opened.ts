import { join } from "node:path";
import { pino } from "pino";
import { Idea } from "../../../contract/idea.ts";
import { Pipeline } from "../../../main/pipeline/pipeline.ts";
import { Policies } from "../../../main/pipeline/policies.ts";
import type { StepEngine } from "../../../main/pipeline/step-engine.ts";
import { openProjectIndex, type ProjectIndex } from "../../../main/project-index/project-index.ts";
import { Workspace } from "../../../main/runtime/workspace.ts";

export const SHIPPED = join(import.meta.dirname, "..", "..", "..", "resources", "policies");

export type Opened = {
  pipeline: Pipeline;
  index: ProjectIndex;
  workspace: Workspace;
  /** Versions that the registry has lost, as `model/version`. */
  lost: Set<string>;
};

/** Opens a workspace as its owner does. */
export function open(root: string, engine: StepEngine, now: () => Date = () => new Date()): Opened {
  const workspace = new Workspace(root).create();
  const index = openProjectIndex({ file: workspace.index, backups: workspace.backups });
  const lost = new Set<string>();
  const pipeline = new Pipeline({
    index,
    workspace,
    engine,
    policies: new Policies(SHIPPED, workspace.policies),
    places: () => Promise.resolve({ tracking: "http://127.0.0.1:5000" }),
    isRegistered: (model, version) => Promise.resolve(!lost.has(`${model}/${version}`)),
    log: pino({ level: "silent" }),
    now,
  });
  return { pipeline, index, workspace, lost };
}

export function idea(changes: Record<string, unknown> = {}): Idea {
  return Idea.parse({
    breadthflow: 1,
    id: "volatility",
    name: "Next week's volatility",
    universe: { data: "sp500" },
    target: { kind: "log_realised_volatility", horizon: 5 },
    backtest: { strategy: "inverse_volatility" },
    ...changes,
  });
}

export const reversal = () =>
  idea({
    id: "reversal",
    name: "Last week's losers",
    target: { kind: "forward_return", horizon: 5 },
    backtest: { strategy: "long_short" },
  });
