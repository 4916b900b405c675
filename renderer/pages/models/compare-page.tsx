import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { ModelView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Columns } from "../../parts/columns.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Panel } from "../../parts/panel.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { VerdictWord } from "../../parts/verdict-word.tsx";
import { comparedIn, type VersionRef } from "./addresses.ts";
import { type Different, differencesOf } from "./differences.ts";
import { MetricTable } from "./metric-table.tsx";

/** Two versions side by side: what they reached, and what they were made of. */
export function ComparePage({ versions }: { versions: string }) {
  const pair = comparedIn(versions);
  return (
    <>
      <ScreenTitle
        title={pair ? `${titleOf(pair[0])} against ${titleOf(pair[1])}` : "Compare versions"}
        path={<Link href="~/models">Models</Link>}
      />
      {pair ? <Pair pair={pair} /> : <Empty>Choose two versions on the screen Models.</Empty>}
    </>
  );
}

function Pair({ pair: [left, right] }: { pair: [VersionRef, VersionRef] }) {
  const first = useQuery(trpc.models.get.queryOptions(left));
  const second = useQuery(trpc.models.get.queryOptions(right));
  return (
    <Asked query={first} for={titleOf(left)}>
      {(one) => (
        <Asked query={second} for={titleOf(right)}>
          {(other) => <SideBySide models={[one, other]} />}
        </Asked>
      )}
    </Asked>
  );
}

function SideBySide({ models }: { models: [ModelView, ModelView] }) {
  const [left, right] = models;
  const differences = differencesOf(left, right);
  return (
    <Columns
      even
      left={
        <Panel
          title="Metrics"
          note={
            <>
              <VerdictWord verdict={left.verdict} /> against <VerdictWord verdict={right.verdict} />
            </>
          }
        >
          <MetricTable
            versions={models.map((model) => ({
              title: titleOf(model),
              metrics: model.result?.metrics ?? null,
            }))}
          />
        </Panel>
      }
      right={
        <Panel title="What is different" note="idea, data and code">
          {differences.length === 0 ? (
            <Empty>Both were made by the same idea, from the same data and by the same code.</Empty>
          ) : (
            <DataTable
              name="What is different"
              columns={columnsFor(left, right)}
              rows={differences}
              rowKey={({ what }) => what}
              maxHeight={560}
            />
          )}
        </Panel>
      }
    />
  );
}

function columnsFor(left: VersionRef, right: VersionRef): TableColumn<Different>[] {
  return [
    { key: "what", title: "of", value: ({ what }) => what },
    {
      key: "left",
      title: titleOf(left),
      value: (one) => one.left,
      show: (one) => <span title={one.left}>{one.left}</span>,
    },
    {
      key: "right",
      title: titleOf(right),
      value: (one) => one.right,
      show: (one) => <span title={one.right}>{one.right}</span>,
    },
  ];
}

const titleOf = ({ name, version }: VersionRef) => `${name} v${version}`;
