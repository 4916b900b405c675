import { Switch } from "@mantine/core";
import { type ReactNode, useCallback, useMemo, useState } from "react";
import { Link } from "wouter";
import { equityOverlay, lineOf, type NamedCurve } from "../../../../contract/figures/comparison.ts";
import type { Theme } from "../../../../contract/figures/index.ts";
import type { ComparedRun } from "../../../../contract/idea-list.ts";
import { Chart } from "../../../charts/chart.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { time } from "../../../parts/format.ts";
import { Panel } from "../../../parts/panel.tsx";
import { VerdictWord } from "../../../parts/verdict-word.tsx";
import classes from "./compare.module.css";
import { bestOf, MEASURES } from "./measures.ts";
import { parametersOf } from "./parameters.ts";

export function SideBySide({ runs }: { runs: readonly ComparedRun[] }) {
  return (
    <>
      <Panel title="Net equity" note="growth of 1, out of fold, net of costs">
        <Curves runs={runs} />
      </Panel>
      <Panel title="What came out" note="the best of each line is bold">
        <ComparedTable name="What came out" runs={runs} lines={<Results runs={runs} />} />
      </Panel>
      <Parameters runs={runs} />
    </>
  );
}

function Curves({ runs }: { runs: readonly ComparedRun[] }) {
  const curves = useMemo(
    () =>
      runs.flatMap(({ idea, equity }): NamedCurve[] =>
        equity ? [{ name: idea.name, ...equity }] : [],
      ),
    [runs],
  );
  const figure = useCallback((theme: Theme) => equityOverlay(curves, theme), [curves]);
  if (curves.length === 0) return <Empty>None of these runs came to a backtest.</Empty>;
  return (
    <Chart
      name="compared-equity"
      label={`Net equity of ${curves.map(({ name }) => name).join(", ")}`}
      figure={figure}
      height={280}
    />
  );
}

function Results({ runs }: { runs: readonly ComparedRun[] }) {
  return (
    <>
      <Line title="Verdict">
        {runs.map(({ run, verdict, state }) =>
          verdict ? <VerdictWord key={run} verdict={verdict} /> : state,
        )}
      </Line>
      {MEASURES.map((measure) => {
        const best = bestOf(measure, runs);
        return (
          <Line key={measure.title} title={measure.title} help={measure.help}>
            {runs.map((run, position) => {
              const value = measure.show(measure.of(run));
              return best.has(position) ? <b key={run.run}>{value}</b> : value;
            })}
          </Line>
        );
      })}
      <Line title="Data">
        {runs.map(({ data }) => (data ? `${data.name} v${data.version}` : "–"))}
      </Line>
    </>
  );
}

function Parameters({ runs }: { runs: readonly ComparedRun[] }) {
  const [all, setAll] = useState(false);
  const parameters = useMemo(() => parametersOf(runs.map(({ idea }) => idea)), [runs]);
  const different = parameters.filter(({ differs }) => differs);
  const shown = all ? parameters : different;
  return (
    <Panel
      title="Parameters"
      note={`${different.length} of ${parameters.length} differ`}
      actions={
        <Switch
          label="Show all"
          checked={all}
          onChange={(event) => setAll(event.currentTarget.checked)}
        />
      }
    >
      {shown.length === 0 ? (
        <Empty>These ideas say the same in every parameter.</Empty>
      ) : (
        <ComparedTable
          name="Parameters"
          runs={runs}
          lines={shown.map(({ path, values, differs }) => (
            <Line key={path} title={path} differs={all && differs}>
              {values}
            </Line>
          ))}
        />
      )}
    </Panel>
  );
}

function ComparedTable(props: { name: string; runs: readonly ComparedRun[]; lines: ReactNode }) {
  return (
    <section
      className={classes.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={props.name}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {props.runs.map(({ run, idea, started }, position) => (
              <th key={run} scope="col">
                <i style={{ background: lineOf(position).color }} aria-hidden />
                <Link href={`/${idea.id}/runs/${run}`} title={idea.name}>
                  <bdi>{idea.name}</bdi>
                </Link>
                <small>{time(started)}</small>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{props.lines}</tbody>
      </table>
    </section>
  );
}

function Line(props: {
  title: string;
  help?: string;
  differs?: boolean;
  children: readonly ReactNode[];
}) {
  return (
    <tr data-differs={props.differs || undefined}>
      <th scope="row" title={props.help}>
        {props.title}
      </th>
      {props.children.map((cell, position) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell belongs to the run in its place
        <td key={position}>{cell}</td>
      ))}
    </tr>
  );
}
