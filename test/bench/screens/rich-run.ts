import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { IdeaId, RunId } from "../../../contract/ids.ts";
import type { Client } from "../../../main/shells/cli/attach.ts";

const DEMO = join(import.meta.dirname, "../../../resources/demo");
const TRIALS = 64;
/** Enough for every feature that looks across symbols; few, for the run is not what is measured. */
const SYMBOLS =
  "AAPL ABT ACN ADBE AMGN AMZN AXP BA BAC BMY C CAT CMCSA COP COST CSCO CVS CVX D DIS DUK EMR EXC F FDX GD GE GILD GOOGL GS HAL HD HON IBM INTC JNJ JPM KO LLY LMT LOW MCD MDT MMM MRK MS MSFT NKE ORCL OXY PEP PFE PG QCOM SBUX SLB SO T TGT TXN UNH UNP UPS USB VZ WFC WMT XOM";

const YAML = `
breadthflow: 1
id: rich
name: Every feature, many trials
universe:
  data: demo
  symbols: [${SYMBOLS.split(" ").join(", ")}]
target: { kind: log_realised_volatility, horizon: 5 }
selection: { max_features: 200, max_correlation: 1 }
automl: { engines: [elastic_net], trials: ${TRIALS}, budget_seconds: 600 }
backtest: { strategy: inverse_volatility }
`;

export type RichRun = { idea: IdeaId; run: RunId; features: number; trials: number };

/** A run of every built-in feature and 64 trials, really made, on part of the demo prices. */
export async function makeRichRun(client: Client): Promise<RichRun> {
  const begun = await client.runs.start.mutate({ yaml: YAML, data: [DEMO] });
  for (;;) {
    const overview = await client.runs.overview.query(begun);
    if (overview.state === "done") {
      const made = (step: string, key: string) =>
        Number(overview.steps.find(({ name }) => name === step)?.summary?.[key]);
      return { ...begun, features: made("features", "made"), trials: made("train", "trials") };
    }
    if (overview.state !== "running") throw new Error(`The run ended: ${overview.problem?.detail}`);
    await sleep(250);
  }
}
