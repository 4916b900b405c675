import type { RunOverview } from "../../../../contract/run.ts";
import type { StepName } from "../../../../contract/step.ts";
import { count, plural } from "../../../parts/format.ts";

export type Step = RunOverview["steps"][number];

export const STEP_TITLES: Record<StepName, string> = {
  ingest: "Ingest",
  check: "Check",
  features: "Features",
  select: "Select",
  train: "Train",
  backtest: "Backtest",
  judge: "Judge",
  register: "Register",
};

/** What each step does, for those who see it for the first time. */
export const STEP_MEANINGS: Record<StepName, string> = {
  ingest: "Reads the sources into a version of the data set.",
  check: "Looks for what is wrong with the bars, and lays an overlay of repairs over them.",
  features: "Computes every feature of the idea from bars up to its own day.",
  select: "Keeps the features that add something, fold by fold, on training days only.",
  train: "Searches for models and scores each out of fold; the best make the ensemble.",
  backtest: "Trades the out-of-fold predictions at the next bar, net of costs.",
  judge: "Puts every gate to the evidence and gives the verdict.",
  register: "Logs the model, its trials and its lineage, and registers a version.",
};

/** What a finished step came to, in a few words. */
export function outcomeOf({ name, summary }: Step, overview: RunOverview): string {
  if (!summary) return "";
  const number = (key: string) => Number(summary[key] ?? 0);
  switch (name) {
    case "ingest":
      return `${count(number("rows"))} bars`;
    case "check": {
      const bars = number("quarantined_rows");
      const findings = plural(number("findings"), "finding");
      return bars > 0 ? `${findings}, ${count(bars)} quarantined` : findings;
    }
    case "features":
      return plural(number("made"), "column");
    case "select":
      return `${number("kept")} kept, ${number("made") - number("kept")} dropped`;
    case "train":
      return `${plural(number("trials"), "trial")}, ${plural(listed(summary.engines), "engine")}`;
    case "backtest": {
      const { commission_bps, slippage_bps } = overview.idea.backtest;
      return `net of ${commission_bps + slippage_bps} bps`;
    }
    case "judge": {
      const deciding = overview.gates.filter(({ decides }) => decides !== false);
      const passed = deciding.filter((gate) => gate.passed).length;
      return `${passed} of ${deciding.length} gates`;
    }
    case "register": {
      const alias = typeof summary.alias === "string" ? ` @${summary.alias}` : "";
      return `${summary.model} v${summary.version}${alias}`;
    }
  }
}

/** Whether a step that went well still found something that a person should look at. */
export function isWarned({ name, summary }: Step, overview: RunOverview): boolean {
  if (!summary) return false;
  if (name === "check") {
    const bySeverity = (summary.by_severity ?? {}) as Record<string, number>;
    return (bySeverity.error ?? 0) + (bySeverity.warning ?? 0) > 0;
  }
  return name === "judge" && overview.verdict !== "deploy";
}

const listed = (value: unknown) => (Array.isArray(value) ? value.length : 0);
