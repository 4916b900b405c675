import type { Regime } from "../../../../../contract/artifacts.ts";
import { pValue, regimeName } from "../../../../../contract/figures/index.ts";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { count, fixed, percent } from "../../../../parts/format.ts";
import classes from "./tab.module.css";

const COLUMNS: TableColumn<Regime>[] = [
  { key: "state", title: "State", value: regimeName },
  {
    key: "days",
    title: "Days",
    align: "right",
    value: ({ days }) => days,
    show: ({ days }) => count(days),
  },
  measured("ic", "Rank IC", 3),
  measured("lift", "Lift", 3),
  {
    key: "adjusted_p_value",
    title: "p, adjusted",
    align: "right",
    help: "That the lift is nothing, adjusted for all states that were looked at (Holm)",
    value: ({ adjusted_p_value }) => adjusted_p_value,
    show: ({ adjusted_p_value }) => (adjusted_p_value == null ? "" : pValue(adjusted_p_value)),
  },
  {
    key: "bars",
    title: "Bars traded",
    align: "right",
    value: ({ bars }) => bars,
    show: ({ bars }) => count(bars),
  },
  {
    key: "annual_return",
    title: "Return a year",
    align: "right",
    value: ({ annual_return }) => annual_return,
    show: ({ annual_return }) => percent(annual_return ?? null, 1),
  },
  measured("sharpe", "Sharpe, net", 2),
];

/** The idea in each state of the market, in numbers. */
export function RegimesTable({ regimes }: { regimes: readonly Regime[] }) {
  return (
    <DataTable
      name="The idea by state of the market"
      columns={COLUMNS}
      rows={regimes}
      rowKey={({ kind, name }) => `${kind} ${name}`}
    />
  );
}

function measured(
  key: "ic" | "lift" | "sharpe",
  title: string,
  digits: number,
): TableColumn<Regime> {
  return {
    key,
    title,
    align: "right",
    help: "With its 95 % interval, by a stationary block bootstrap",
    value: (regime) => regime[key].value,
    show: (regime) => {
      const { value = null, lower = null, upper = null } = regime[key];
      const interval =
        lower === null || upper === null
          ? ""
          : ` ${fixed(lower, digits)} to ${fixed(upper, digits)}`;
      return (
        <>
          <span className={classes.strong}>{fixed(value, digits)}</span>
          <span className={classes.meaning}>{interval}</span>
        </>
      );
    },
  };
}
