import type { Reading } from "../../contract/data.ts";
import type { CompletePolicy } from "../../contract/gate-policy.ts";
import type { Idea } from "../../contract/idea.ts";
import { StepName } from "../../contract/step.ts";

type Params = Record<string, unknown>;

/** What a step's parameters may rest on beside the idea. */
export type Known = {
  /** Trials in the ledger that the verdict must answer for; see `Trials.countUpTo`. */
  readonly trialsOnData: number;
  /** The policy that the verdict is given by, with all that it says. */
  readonly gates: CompletePolicy;
  /** The last day that bars may have, where some are later; see `importDay`. */
  readonly today: string | null;
};

type StepDefinition = {
  /** Name of each input, and the step whose artifact it is. */
  readonly inputs: Readonly<Record<string, StepName>>;
  readonly params: (idea: Idea, known: Known) => Params;
  /** Whether the idea's seed can change what the step leaves. */
  readonly seeded: boolean;
};

/** The part of the data set that an idea is about. */
function span({ universe }: Idea): Params {
  return {
    ...(universe.from === undefined ? {} : { start: universe.from }),
    ...(universe.to === undefined ? {} : { end: universe.to }),
    ...(universe.symbols === undefined ? {} : { symbols: universe.symbols }),
  };
}

/** What a person said about the sources is part of the key; what was left out is not in it. */
export const ingestParams = (name: string, reading: Reading = {}): Params => ({ ...reading, name });
export const checkParams = (calendar: string, today: string | null): Params => ({
  calendar,
  ...(today === null ? {} : { today }),
});

/** The name under which an idea's models stand in the registry. */
export const modelName = (idea: Idea): string => idea.id;

/**
 * The step graph. Parameters are pure functions of the idea, and all of them are part of the
 * content key; what only says where a thing came from is a label (see `labelled` in the runner).
 */
export const STEP_GRAPH: Readonly<Record<StepName, StepDefinition>> = {
  ingest: { inputs: {}, params: ({ universe }) => ingestParams(universe.data), seeded: false },
  check: {
    inputs: { bars: "ingest" },
    params: ({ universe }, { today }) => checkParams(universe.calendar, today),
    seeded: false,
  },
  features: {
    inputs: { bars: "ingest", check: "check" },
    params: (idea) => ({ ...idea.features, ...span(idea) }),
    seeded: false,
  },
  select: {
    inputs: { bars: "ingest", check: "check", features: "features" },
    params: (idea) => ({
      target: idea.target,
      validation: idea.validation,
      selection: idea.selection,
      ...span(idea),
    }),
    seeded: true,
  },
  train: {
    inputs: { bars: "ingest", check: "check", features: "features", select: "select" },
    params: (idea) => ({
      target: idea.target,
      validation: idea.validation,
      automl: idea.automl,
      ...span(idea),
    }),
    seeded: true,
  },
  backtest: {
    inputs: { bars: "ingest", check: "check", train: "train" },
    params: (idea) => ({ backtest: idea.backtest, target: idea.target }),
    seeded: true,
  },
  judge: {
    inputs: {
      bars: "ingest",
      check: "check",
      features: "features",
      select: "select",
      train: "train",
      backtest: "backtest",
    },
    params: (idea, { trialsOnData, gates }) => ({
      target: idea.target,
      gates,
      features: idea.features,
      trials_on_data: trialsOnData,
    }),
    seeded: true,
  },
  register: {
    inputs: {
      bars: "ingest",
      features: "features",
      select: "select",
      train: "train",
      backtest: "backtest",
      judge: "judge",
    },
    params: (idea) => ({ model_name: modelName(idea) }),
    seeded: false,
  },
};

/** The steps in an order in which every step comes after what it reads. */
export const STEP_ORDER: readonly StepName[] = StepName.options;

/** The steps whose artifacts a step reads. */
export function upstreamOf(step: StepName): StepName[] {
  return Object.values(STEP_GRAPH[step].inputs);
}
