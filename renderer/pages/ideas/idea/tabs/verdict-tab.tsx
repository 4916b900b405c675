import { List, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { regimePanel, trialsTold } from "../../../../../contract/figures/index.ts";
import { gateNeeds } from "../../../../../contract/gate-sense.ts";
import { leaksInBrief } from "../../../../../contract/leak-test.ts";
import type { Gate } from "../../../../../contract/run.ts";
import { trpc } from "../../../../app/api.ts";
import { FigurePanelView } from "../../../../charts/figure-panels.tsx";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../../../parts/data-table.tsx";
import { GATE_RESULT } from "../../../../parts/gate-result.tsx";
import { Panel } from "../../../../parts/panel.tsx";
import type { TabProps } from "../tab-props.ts";
import { gateValue } from "./gate-value.ts";
import { LeaksTable } from "./leaks-table.tsx";
import { RegimesTable } from "./regimes-table.tsx";
import classes from "./tab.module.css";

/** Pixels, and more than all gates need: one that decided must not hide below an edge. */
const ALL_GATES = 4000;

const COLUMNS: TableColumn<Gate>[] = [
  {
    key: "gate",
    title: "Gate",
    width: "14%",
    value: ({ label }) => label,
    show: ({ label }) => <span className={classes.meaning}>{label}</span>,
  },
  {
    key: "value",
    title: "Value",
    align: "right",
    value: ({ value }) => value,
    show: ({ value }) => <span className={classes.strong}>{gateValue(value)}</span>,
  },
  {
    key: "interval",
    title: "95 % interval",
    align: "right",
    help: "Where the true value lies with a probability of 95 %, by a stationary block bootstrap",
    value: ({ interval }) => interval?.[0],
    show: ({ interval }) =>
      interval ? `${gateValue(interval[0])} to ${gateValue(interval[1])}` : "–",
  },
  {
    key: "needs",
    title: "Needs",
    align: "right",
    value: ({ threshold }) => threshold,
    show: (gate) => gateNeeds(gate, gateValue),
  },
  GATE_RESULT,
  {
    key: "meaning",
    title: "Meaning",
    width: "32%",
    value: ({ meaning }) => meaning,
    show: ({ meaning }) => <span className={classes.meaning}>{meaning}</span>,
  },
  {
    key: "would_change",
    title: "What would change it",
    width: "24%",
    value: ({ would_change }) => would_change,
    show: ({ would_change }) => <span className={classes.meaning}>{would_change ?? "–"}</span>,
  },
];

/** Why the verdict is what it is. */
export default function VerdictTab({ overview }: TabProps) {
  const notes = useQuery(trpc.runs.verdict.queryOptions({ run: overview.run }));
  return (
    <div className={classes.stack}>
      {notes.data && notes.data.page.length > 0 && (
        <Panel title="In plain words">
          <dl className={classes.page}>
            {notes.data.page.map(({ title, text }) => (
              <div key={title}>
                <dt>{title}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </Panel>
      )}
      <Panel
        title="What decided it"
        note={`policy: ${notes.data?.policy ?? overview.idea.gates.policy}`}
      >
        <DataTable
          name="Gates and their meaning"
          columns={COLUMNS}
          rows={overview.gates}
          rowKey={({ name }) => name}
          isMuted={({ decides }) => decides === false}
          maxHeight={ALL_GATES}
        />
      </Panel>
      {notes.data && notes.data.leaks.length > 0 && (
        <Panel title="Tests for leaks" note={leaksInBrief(notes.data.leaks)}>
          <LeaksTable tests={notes.data.leaks} />
        </Panel>
      )}
      {notes.data?.regimes && (
        <>
          <FigurePanelView panel={regimePanel(notes.data.regimes)} />
          <Panel title="By state of the market" note="95 % intervals; returns net of costs">
            <RegimesTable regimes={notes.data.regimes.rows} />
          </Panel>
        </>
      )}
      <Asked query={notes} for="the rule">
        {(found) => (
          <div className={`${classes.grid} ${classes.even}`}>
            <Panel title="The rule">
              <Text size="sm" c="dimmed">
                {found?.rule ?? "The judge left no rule with this verdict."}
              </Text>
            </Panel>
            <Panel
              title="To keep in mind"
              note={
                found?.trials_on_data != null &&
                trialsTold(found.trials_on_data, found.effective_trials)
              }
            >
              {found && found.caveats.length > 0 ? (
                <List size="sm" c="dimmed">
                  {found.caveats.map((caveat) => (
                    <List.Item key={caveat}>{caveat}</List.Item>
                  ))}
                </List>
              ) : (
                <Text size="sm" c="dimmed">
                  The checks gave no reason to doubt the data as a whole.
                </Text>
              )}
            </Panel>
          </div>
        )}
      </Asked>
    </div>
  );
}
