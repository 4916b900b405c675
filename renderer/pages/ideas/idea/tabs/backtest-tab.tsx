import { List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  bookPanels,
  equityWithDrawdown,
  type Theme,
} from "../../../../../contract/figures/index.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { FigurePanels } from "../../../../charts/figure-panels.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../tab-props.ts";
import type { Answered } from "./answered.ts";
import { BookLines } from "./book-lines.tsx";
import { Gone } from "./gone.tsx";
import { MeasuresTable } from "./measures-table.tsx";
import classes from "./tab.module.css";

/** What trading the out-of-fold predictions would have come to. */
export default function BacktestTab({ overview }: TabProps) {
  const backtest = useQuery(trpc.runs.backtest.queryOptions({ run: overview.run }));
  return (
    <Asked query={backtest} for="the backtest">
      {(found) => (found ? <Backtest overview={overview} found={found} /> : <Gone />)}
    </Asked>
  );
}

function Backtest({
  overview,
  found: { metrics, analytics, headline },
}: Pick<TabProps, "overview"> & { found: Answered<"backtest"> }) {
  const equity = useMemo(
    () => analytics && ((theme: Theme) => equityWithDrawdown(analytics.equity, theme)),
    [analytics],
  );
  const panels = useMemo(() => bookPanels(analytics, headline), [analytics, headline]);
  return (
    <div className={classes.stack}>
      <div className={classes.grid}>
        <Panel title="Equity and drawdown" note="out of fold, before costs and net of them">
          {equity ? (
            <Chart
              name="equity"
              label="Net equity against equal weights, and its drawdown"
              figure={equity}
              height={316}
            />
          ) : (
            <Empty>This run was made before its curves were kept. Test the idea again.</Empty>
          )}
        </Panel>
        <Panel title="Measures" note={`${metrics.first ?? "–"} to ${metrics.last ?? "–"}`}>
          <MeasuresTable metrics={metrics} headline={headline} />
          {metrics.warnings.map((warning) => (
            <Text key={warning} size="sm" mt="sm" className={classes.warning}>
              {warning}
            </Text>
          ))}
        </Panel>
      </div>
      <FigurePanels panels={panels} />
      <BookLines overview={overview} />
      {metrics.conventions.length > 0 && (
        <Panel title="What the backtest assumes">
          <List size="sm" c="dimmed">
            {metrics.conventions.map((line) => (
              <List.Item key={line}>{line}</List.Item>
            ))}
          </List>
        </Panel>
      )}
    </div>
  );
}
