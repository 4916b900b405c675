import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  featureCorrelation,
  featureImportance,
  featureStability,
  type Theme,
} from "../../../../../contract/figures/index.ts";
import { trpc } from "../../../../app/api.ts";
import { Chart } from "../../../../charts/chart.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { fixed, percent } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../tab-props.ts";
import type { Answered } from "./answered.ts";
import { Gone } from "./gone.tsx";
import classes from "./tab.module.css";

type Found = Answered<"features">;
type Feature = Found["features"][number];

const COLUMNS: TableColumn<Feature>[] = [
  {
    key: "feature",
    title: "Feature",
    width: "190px",
    value: ({ name }) => name,
    show: ({ name, expression, meaning }) => (
      <span title={[meaning, expression].filter(Boolean).join("\n")}>{name}</span>
    ),
  },
  {
    key: "kept",
    title: "Kept",
    width: "70px",
    value: ({ kept }) => (kept ? "kept" : "dropped"),
    show: ({ kept }) => (
      <span className={kept ? classes.pass : undefined}>{kept ? "kept" : "dropped"}</span>
    ),
  },
  {
    key: "importance",
    title: "Weight",
    align: "right",
    width: "74px",
    help: "Its share in the final model",
    value: ({ importance }) => importance,
    show: ({ importance }) => percent(importance),
  },
  {
    key: "score",
    title: "Rank IC",
    align: "right",
    width: "74px",
    help: "Mean daily rank IC of the feature alone",
    value: ({ score }) => score,
    show: ({ score }) => fixed(score, 3),
  },
  {
    key: "stability",
    title: "Steady",
    align: "right",
    width: "74px",
    help: "Share of blocks of time in which the sign of its IC is the same",
    value: ({ stability }) => stability,
    show: ({ stability }) => percent(stability, 0),
  },
  {
    key: "folds",
    title: "Folds",
    align: "right",
    width: "62px",
    help: "Folds in which it was kept",
    value: ({ kept_in_folds }) => kept_in_folds,
  },
  {
    key: "lookback",
    title: "Looks back",
    align: "right",
    width: "86px",
    help: "Bars, its own included",
    value: ({ lookback }) => lookback,
  },
  {
    key: "family",
    title: "Family",
    width: "104px",
    value: ({ family }) => family?.replaceAll("_", " "),
  },
  {
    key: "reason",
    title: "Why",
    value: ({ reason }) => reason,
    show: ({ reason }) => <span title={reason}>{reason}</span>,
  },
];

/** Every feature: what it is worth, what became of it and why. */
export default function FeaturesTab({ overview }: TabProps) {
  const features = useQuery(trpc.runs.features.queryOptions({ run: overview.run }));
  return (
    <Asked query={features} for="the features">
      {(found) => (found ? <Features found={found} /> : <Gone />)}
    </Asked>
  );
}

function Features({ found: { features, correlation, weighed } }: { found: Found }) {
  const kept = features.filter((feature) => feature.kept).length;
  const importance = useMemo(() => {
    const shares = features.flatMap(({ name, importance }) =>
      importance === null ? [] : [{ feature: name, importance }],
    );
    return (theme: Theme) => featureImportance(shares, theme);
  }, [features]);
  const stability = useMemo(() => (theme: Theme) => featureStability(features, theme), [features]);
  const together = useMemo(
    () => correlation && ((theme: Theme) => featureCorrelation(correlation, theme)),
    [correlation],
  );
  return (
    <div className={classes.stack}>
      <div className={`${classes.grid} ${classes.thirds}`}>
        <Panel title="Importance" note="share in the final model">
          {weighed ? (
            <Chart
              name="feature-importance"
              label="The features that weigh most in the final model"
              figure={importance}
              height={380}
            />
          ) : (
            <Empty>What each feature weighs appears here once the model has been trained.</Empty>
          )}
        </Panel>
        <Panel title="Correlation of the kept" note="of daily ranks">
          {together ? (
            <Chart
              name="feature-correlation"
              label="How the kept features move together"
              figure={together}
              height={380}
            />
          ) : (
            <Empty>This run was made before correlations were kept. Test the idea again.</Empty>
          )}
        </Panel>
        <Panel title="Stability" note="strong to the sides, steady above">
          <Chart
            name="feature-stability"
            label="Rank IC of each feature alone against how steady its sign is"
            figure={stability}
            height={380}
          />
        </Panel>
      </div>
      <Panel title="Every feature" note={`${features.length} made, ${kept} kept`}>
        <DataTable
          name="Features"
          columns={COLUMNS}
          rows={features}
          rowKey={({ name }) => name}
          sortedBy={{ key: weighed ? "importance" : "kept", descending: true }}
          isMuted={(feature) => !feature.kept}
          maxHeight={520}
        />
      </Panel>
    </div>
  );
}
