import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  baselineName,
  foldTimeline,
  icByFold,
  icByMonth,
} from "../../../../../contract/figures/index.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../run-tabs.tsx";
import type { Answered } from "./answered.ts";
import { GatesTable } from "./gates-table.tsx";
import { LeaderboardTable } from "./leaderboard-table.tsx";
import classes from "./tab.module.css";

/** How well the model ranks what it has never seen. */
export default function ValidationTab({ overview }: TabProps) {
  const validation = useQuery(trpc.runs.validation.queryOptions({ run: overview.run }));
  return (
    <Asked query={validation} for="the validation">
      {(found) =>
        found ? (
          <Validation overview={overview} found={found} />
        ) : (
          <Empty>What this run found is no longer in the cache. Test the idea again.</Empty>
        )
      }
    </Asked>
  );
}

type Found = Answered<"validation">;

function Validation({ overview, found }: Pick<TabProps, "overview"> & { found: Found }) {
  const { folds, compared, ic_by_month: months } = found;
  const { baseline } = overview;
  const byMonth = useMemo(
    () => months && ((theme: "light" | "dark") => icByMonth(months, baseline, theme)),
    [months, baseline],
  );
  const byFold = useMemo(() => (theme: "light" | "dark") => icByFold(compared, theme), [compared]);
  const timeline = useMemo(() => (theme: "light" | "dark") => foldTimeline(folds, theme), [folds]);
  return (
    <div className={classes.grid}>
      <Panel
        title="Rank IC by month, out of fold"
        note={baseline && `model against ${baselineName(baseline)} baseline`}
      >
        {byMonth ? (
          <Chart
            name="rank-ic-by-month"
            label="Mean daily rank IC of each month, model and baseline"
            figure={byMonth}
            height={224}
          />
        ) : (
          <Empty>The rank IC of each month appears here once the run has been judged.</Empty>
        )}
      </Panel>
      <Panel title="Gates" note={`policy: ${overview.idea.gates.policy}`}>
        {overview.gates.length > 0 ? (
          <GatesTable gates={overview.gates} />
        ) : (
          <Empty>What each gate came to appears here once the run has been judged.</Empty>
        )}
      </Panel>
      <Panel title="Folds" note="train · purge · embargo · test">
        <Chart
          name="folds"
          label="Training, purge, embargo and test windows of each fold"
          figure={timeline}
          height={Math.max(150, 60 + folds.length * 22)}
        />
      </Panel>
      <Panel title="Rank IC by fold" note="against every baseline">
        <Chart
          name="rank-ic-by-fold"
          label="Rank IC of the model and of each baseline in each fold"
          figure={byFold}
          height={Math.max(150, 60 + folds.length * 22)}
        />
      </Panel>
      <div className={classes.wide}>
        <Panel title="Model and baselines" note="out of fold">
          <LeaderboardTable lines={compared} />
        </Panel>
      </div>
    </div>
  );
}
