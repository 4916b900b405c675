import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { trialsByNumber } from "../../../../../contract/figures/index.ts";
import type { TrialEvent } from "../../../../../contract/step.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { duration, fixed } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../tab-props.ts";
import { Gone } from "./gone.tsx";
import { LeaderboardTable, paramsText } from "./leaderboard-table.tsx";
import { MembersTable } from "./members-table.tsx";
import classes from "./tab.module.css";

const TRIAL_COLUMNS: TableColumn<TrialEvent>[] = [
  { key: "number", title: "Trial", align: "right", value: ({ number }) => number },
  { key: "engine", title: "Engine", value: ({ engine }) => engine.replaceAll("_", " ") },
  {
    key: "score",
    title: "Score",
    align: "right",
    help: "Mean rank IC over the folds that it was fitted in, out of fold",
    value: ({ score }) => score,
    show: ({ score }) => fixed(score, 4),
  },
  {
    key: "folds",
    title: "Folds",
    align: "right",
    value: ({ fold_scores }) => fold_scores.length,
  },
  { key: "state", title: "State", value: ({ state }) => state },
  {
    key: "seconds",
    title: "Took",
    align: "right",
    value: ({ seconds }) => seconds,
    show: ({ seconds }) => duration(seconds),
  },
  {
    key: "params",
    title: "Parameters",
    value: ({ params, error }) => error ?? paramsText(params),
    show: ({ params, error }) => (
      <span title={error ?? paramsText(params)}>{error ?? paramsText(params)}</span>
    ),
  },
];

/** The search for models: while it goes on, its trials as they come. */
export default function ModelsTab({ overview, live }: TabProps) {
  const train = overview.steps.find(({ name }) => name === "train");
  if (train?.state === "running") {
    const { trials: wanted } = overview.idea.automl;
    return (
      <div className={classes.stack}>
        <Panel title="Trials" note={`${live.trials.length} of ${wanted} at most`}>
          {live.trials.length > 0 ? (
            <Scores trials={live.trials} />
          ) : (
            <Empty>Each trial of the search appears here as soon as it has been scored.</Empty>
          )}
        </Panel>
        {live.trials.length > 0 && <TrialsPanel trials={live.trials} />}
      </div>
    );
  }
  return <Searched overview={overview} />;
}

function Searched({ overview }: Pick<TabProps, "overview">) {
  const models = useQuery(trpc.runs.models.queryOptions({ run: overview.run }));
  return (
    <Asked query={models} for="the models">
      {(found) =>
        found ? (
          <div className={classes.stack}>
            <div className={classes.grid}>
              <Panel title="Trials" note="filled: complete · open: pruned">
                <Scores trials={found.trials} />
              </Panel>
              <Panel title="The model" note="fitted on all rows">
                <MembersTable leaderboard={found.leaderboard} />
              </Panel>
            </div>
            <Panel title="Leaderboard" note="out of fold; baselines in grey">
              <LeaderboardTable lines={found.leaderboard} />
            </Panel>
            <TrialsPanel trials={found.trials} />
          </div>
        ) : (
          <Gone />
        )
      }
    </Asked>
  );
}

function TrialsPanel({ trials }: { trials: readonly TrialEvent[] }) {
  return (
    <Panel title="Every trial" note="all of them are counted in the verdict">
      <DataTable
        name="Trials"
        columns={TRIAL_COLUMNS}
        rows={trials}
        rowKey={({ number }) => String(number)}
        maxHeight={360}
      />
    </Panel>
  );
}

function Scores({ trials }: { trials: readonly TrialEvent[] }) {
  const figure = useMemo(() => {
    const points = trials.map(({ number, engine, state, score }) => ({
      number,
      engine,
      state,
      score: score ?? null,
    }));
    return (theme: "light" | "dark") => trialsByNumber(points, theme);
  }, [trials]);
  return <Chart name="trials" label="Score of each trial, in order" figure={figure} height={280} />;
}
