import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  calendarHeight,
  findingsCalendar,
  type Theme,
} from "../../../../../contract/figures/index.ts";
import type { RunFinding } from "../../../../../contract/run.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { count, plural } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../tab-props.ts";
import { findingDays } from "./finding-days.ts";
import classes from "./tab.module.css";

const RANK = { error: 0, warning: 1, info: 2 } as const;

const COLUMNS: TableColumn<RunFinding & { id: number }>[] = [
  {
    key: "severity",
    title: "Severity",
    // Sorted by weight, not by letter.
    value: ({ severity }) => `${RANK[severity]} ${severity}`,
    show: ({ severity }) => (
      <span className={severity === "info" ? undefined : classes[severity]}>{severity}</span>
    ),
    width: "84px",
  },
  { key: "rule", title: "Rule", value: ({ rule }) => rule.replaceAll("_", " "), width: "150px" },
  { key: "symbol", title: "Symbol", value: ({ symbol }) => symbol, width: "90px" },
  { key: "from", title: "From", value: ({ from }) => from, width: "96px" },
  { key: "to", title: "To", value: ({ to }) => to, width: "96px" },
  {
    key: "rows",
    title: "Bars",
    align: "right",
    value: ({ rows }) => rows,
    show: ({ rows }) => count(rows),
    width: "70px",
  },
  { key: "action", title: "Done", value: ({ action }) => action, width: "96px" },
  {
    key: "detail",
    title: "What was found",
    value: ({ detail }) => detail,
    show: ({ detail }) => <span title={detail}>{detail}</span>,
  },
];

/** What is wrong with the bars, and what was done about it. */
export default function DataTab({ overview }: TabProps) {
  const findings = useQuery(trpc.runs.findings.queryOptions({ run: overview.run }));
  return (
    <Asked query={findings} for="the findings">
      {(found) =>
        found && found.length > 0 ? (
          <Findings overview={overview} findings={found} />
        ) : (
          <Empty>
            {found
              ? "The checks found nothing wrong with the bars."
              : "What the checks found is no longer in the cache. Test the idea again."}
          </Empty>
        )
      }
    </Asked>
  );
}

function Findings({ overview, findings }: Pick<TabProps, "overview"> & { findings: RunFinding[] }) {
  const { data } = overview;
  const calendar = useMemo(() => {
    const days = findingDays(findings);
    const first = data?.first ?? days[0]?.date;
    const last = data?.last ?? days.at(-1)?.date;
    return days.length > 0 && first && last ? { days, first, last } : null;
  }, [findings, data?.first, data?.last]);
  const figure = useMemo(
    () => calendar && ((theme: Theme) => findingsCalendar(calendar, theme)),
    [calendar],
  );
  const rows = useMemo(() => findings.map((finding, id) => ({ ...finding, id })), [findings]);
  const summary = overview.steps.find(({ name }) => name === "check")?.summary ?? {};
  const total = Number(summary.findings ?? findings.length);
  const quarantined = Number(summary.quarantined_rows ?? 0);
  const repaired = Number(summary.repaired_rows ?? 0);
  return (
    <div className={classes.stack}>
      <Panel
        title="Findings by day"
        note={`${plural(total, "finding")} · ${count(quarantined)} bars quarantined · ${count(repaired)} repaired`}
      >
        {calendar && figure ? (
          <Chart
            name="findings-by-day"
            label="Days with findings, a block a year; the colour says the worst severity"
            figure={figure}
            height={calendarHeight(calendar)}
          />
        ) : (
          <Empty>No finding is about particular days.</Empty>
        )}
      </Panel>
      <Panel
        title="Findings"
        note={total > findings.length && `the first ${count(findings.length)} of ${count(total)}`}
      >
        <DataTable
          name="Findings"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => String(id)}
          sortedBy={{ key: "severity", descending: false }}
          maxHeight={520}
        />
      </Panel>
    </div>
  );
}
