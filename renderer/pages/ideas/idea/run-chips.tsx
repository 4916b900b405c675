import type { RunOverview } from "../../../../contract/run.ts";
import { count } from "../../../parts/format.ts";
import classes from "./run-chips.module.css";

/** What the run is about, in a line. */
export function RunChips({ overview }: { overview: RunOverview }) {
  const { idea, data } = overview;
  const { target, validation, universe } = idea;
  const symbols = universe.symbols?.length ?? data?.symbols;
  const first = universe.from ?? data?.first;
  const last = universe.to ?? data?.last;
  return (
    <ul className={classes.chips} aria-label="What is tested">
      <li>
        {universe.data}
        {symbols !== undefined && ` · ${count(symbols)} symbols`}
      </li>
      {first && last && (
        <li title={`${first} to ${last}`}>
          {first.slice(0, 7)} → {last.slice(0, 7)}
        </li>
      )}
      <li>
        target: {target.kind.replaceAll("_", " ")}, {target.horizon} bars
      </li>
      <li>
        walk-forward, {validation.folds} folds · purge {target.horizon} · embargo{" "}
        {validation.embargo}
        {validation.hold_out && ` · ${validation.hold_out}s held out`}
      </li>
      {overview.survivorship && (
        <li
          data-warns
          title="The data holds only companies that lasted to its end, which flatters every backtest on it."
        >
          survivorship bias
        </li>
      )}
      {data && (
        <li title={data.key}>
          data v{data.version} · {data.key.slice(0, 6)}
        </li>
      )}
    </ul>
  );
}
