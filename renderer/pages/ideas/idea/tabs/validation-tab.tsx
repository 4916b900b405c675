import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  baselineName,
  foldTimeline,
  heldOutNote,
  icByFold,
  icByMonth,
  icDistribution,
  luckPanels,
  snoopingLines,
  snoopingNote,
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
import { GatesTable } from "./gates-table.tsx";
import { Gone } from "./gone.tsx";
import { BriefLeaderboard } from "./leaderboard-table.tsx";
import { SnoopingTable } from "./snooping-table.tsx";
import classes from "./tab.module.css";

/** How well the model ranks what it has never seen. */
export default function ValidationTab({ overview }: TabProps) {
  const validation = useQuery(trpc.runs.validation.queryOptions({ run: overview.run }));
  return (
    <Asked query={validation} for="the validation">
      {(found) => (found ? <Validation overview={overview} found={found} /> : <Gone />)}
    </Asked>
  );
}

function Validation({
  overview,
  found,
}: Pick<TabProps, "overview"> & { found: Answered<"validation"> }) {
  const { folds, leaderboard } = found;
  const { baseline, gates } = overview;
  const figures = useMemo(() => {
    const { ic } = found;
    const compared = leaderboard.filter(({ kind }) => kind !== "trial");
    return {
      months: ic && ((theme: Theme) => icByMonth(ic.by_month, baseline, theme)),
      days: ic && ((theme: Theme) => icDistribution(ic.distribution, baseline, theme)),
      folds: (theme: Theme) => icByFold(compared, theme),
      timeline: (theme: Theme) => foldTimeline(found.folds, theme),
    };
  }, [found, leaderboard, baseline]);
  const luck = useMemo(() => luckPanels(found.statistics, found.paths), [found]);
  const snooping = found.statistics?.snooping;
  const against = baseline && `model against ${baselineName(baseline)} baseline`;
  const heldOut = heldOutNote(overview.idea.validation.hold_out, folds);
  const timelineHeight = Math.max(190, 64 + folds.length * 22);
  return (
    <div className={classes.stack}>
      <div className={classes.grid}>
        <Panel title="Rank IC by month, out of fold" note={against}>
          {figures.months ? (
            <Chart
              name="rank-ic-by-month"
              label="Mean daily rank IC of each month, model and baseline"
              figure={figures.months}
              height={Math.max(230, 34 + gates.length * 27)}
            />
          ) : (
            <Old />
          )}
        </Panel>
        <Panel title="Gates" note={`policy: ${overview.idea.gates.policy}`}>
          {gates.length > 0 ? (
            <GatesTable gates={gates} />
          ) : (
            <Empty>What each gate came to appears here once the run has been judged.</Empty>
          )}
        </Panel>
        <Panel title="Folds" note="train · purge · embargo · test">
          <Chart
            name="folds"
            label="Training, purge, embargo and test windows of each fold"
            figure={figures.timeline}
            height={timelineHeight}
          />
          {heldOut && (
            <Text size="sm" mt="sm" c="dimmed">
              {heldOut}
            </Text>
          )}
        </Panel>
        <Panel title="Leaderboard" note="baselines in grey">
          <BriefLeaderboard lines={leaderboard} maxHeight={timelineHeight} />
        </Panel>
        <Panel title="Rank IC by fold" note="against every baseline">
          <Chart
            name="rank-ic-by-fold"
            label="Rank IC of the model and of each baseline in each fold"
            figure={figures.folds}
            height={220}
          />
        </Panel>
        <Panel title="Rank IC of the days" note={against}>
          {figures.days ? (
            <Chart
              name="rank-ic-of-days"
              label="On how many days the rank IC was how high, model and baseline"
              figure={figures.days}
              height={220}
            />
          ) : (
            <Old />
          )}
        </Panel>
      </div>
      <FigurePanels panels={luck} />
      {snooping && (
        <Panel title="Picked as the best of many" note={snoopingNote(snooping)}>
          <SnoopingTable lines={snoopingLines(snooping)} />
        </Panel>
      )}
    </div>
  );
}

function Old() {
  return <Empty>This run was made before daily rank ICs were kept. Test the idea again.</Empty>;
}
