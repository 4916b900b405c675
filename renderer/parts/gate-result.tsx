import { gateResult, gateResultWords } from "../../contract/gate-result.ts";
import type { Gate } from "../../contract/run.ts";
import type { TableColumn } from "./data-table.tsx";
import classes from "./gate-result.module.css";

/** What each gate came to, wherever gates are listed. Red is for what decided against the idea. */
export const GATE_RESULT: TableColumn<Gate> = {
  key: "result",
  title: "Result",
  help: "What is told only is for information: the verdict does not rest on it",
  value: gateResultWords,
  show: (gate) => (
    <span
      className={classes.result}
      data-result={gateResult(gate)}
      data-decides={gate.decides === false ? undefined : true}
    >
      {gateResultWords(gate)}
    </span>
  ),
};
