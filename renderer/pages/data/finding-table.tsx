import { Button, MultiSelect, Text, TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import type { RunFinding } from "../../../contract/run.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count } from "../../parts/format.ts";
import classes from "./finding-table.module.css";
import type { Focus } from "./focus.ts";
import { SEVERITIES, SeverityMark } from "./severity.tsx";

type Line = RunFinding & { id: string };

const COLUMNS: readonly TableColumn<Line>[] = [
  { key: "symbol", title: "symbol", value: ({ symbol }) => symbol ?? "all" },
  {
    key: "from",
    title: "day",
    width: "12em",
    value: ({ from }) => from,
    show: (one) => (
      <span title={one.to ? `${one.from} to ${one.to}` : undefined}>{dayOf(one)}</span>
    ),
  },
  {
    key: "rule",
    title: "finding",
    help: "Sorted by severity, then by rule",
    value: ({ severity, rule }) => `${SEVERITIES.indexOf(severity)} ${severity}: ${rule}`,
    show: ({ severity, rule }) => <SeverityMark severity={severity} text={ruleWords(rule)} />,
  },
  { key: "action", title: "done", value: ({ action }) => action },
  {
    key: "detail",
    title: "what was seen",
    width: "100%",
    value: ({ detail }) => detail,
    show: ({ detail }) => <span title={detail}>{detail}</span>,
  },
  {
    key: "rows",
    title: "bars",
    align: "right",
    value: ({ rows }) => rows,
    show: ({ rows }) => count(rows),
  },
];

/** Findings one by one, narrowed down by rule, severity, symbol and day. */
export function FindingTable(props: {
  findings: readonly RunFinding[];
  /** How many there are; the list may hold only the first. */
  inAll: number;
  day: string | null;
  onDay: (day: string | null) => void;
  onOpen: (focus: Focus) => void;
}) {
  const { findings, inAll, day, onDay, onOpen } = props;
  const [rules, setRules] = useState<string[]>([]);
  const [severities, setSeverities] = useState<string[]>([]);
  const [symbol, setSymbol] = useState("");
  const lines = useMemo(() => findings.map((one, at) => ({ ...one, id: String(at) })), [findings]);
  const known = useMemo(() => [...new Set(findings.map(({ rule }) => rule))].sort(), [findings]);
  const wanted = symbol.trim().toUpperCase();
  const rows = lines.filter(
    (one) =>
      (rules.length === 0 || rules.includes(one.rule)) &&
      (severities.length === 0 || severities.includes(one.severity)) &&
      (wanted === "" || (one.symbol ?? "").toUpperCase().includes(wanted)) &&
      (day === null || touches(one, day)),
  );
  if (findings.length === 0) return <Empty>The check found nothing wrong.</Empty>;
  return (
    <>
      <div className={classes.filters}>
        <MultiSelect
          aria-label="Rules"
          placeholder={rules.length === 0 ? "all rules" : undefined}
          data={known.map((rule) => ({ value: rule, label: ruleWords(rule) }))}
          value={rules}
          onChange={setRules}
          clearable
        />
        <MultiSelect
          aria-label="Severities"
          placeholder={severities.length === 0 ? "all severities" : undefined}
          data={[...SEVERITIES]}
          value={severities}
          onChange={setSeverities}
          clearable
        />
        <TextInput
          aria-label="Symbol"
          placeholder="symbol"
          value={symbol}
          onChange={(event) => setSymbol(event.currentTarget.value)}
        />
        <DayField day={day} onDay={onDay} />
      </div>
      {rows.length === 0 ? (
        <Empty
          action={
            <Button
              variant="default"
              size="compact-xs"
              onClick={() => {
                setRules([]);
                setSeverities([]);
                setSymbol("");
                onDay(null);
              }}
            >
              Show all
            </Button>
          }
        >
          No finding is like that.
        </Empty>
      ) : (
        <DataTable
          name="Findings"
          columns={COLUMNS}
          rows={rows}
          rowKey={({ id }) => id}
          maxHeight={352}
          onOpen={(one) => one.symbol !== null && onOpen({ symbol: one.symbol, date: one.from })}
        />
      )}
      {inAll > findings.length && (
        <Text size="xs" c="dimmed" mt={4}>
          The {count(findings.length)} most severe of {count(inAll)} findings are listed; the
          calendar and the counts have them all.
        </Text>
      )}
    </>
  );
}

/** A day as every day is written here; the system's own field has an order of its own. */
function DayField(props: { day: string | null; onDay: (day: string | null) => void }) {
  const { day, onDay } = props;
  const [typed, setTyped] = useState(day ?? "");
  const [shown, setShown] = useState(day);
  // Chosen elsewhere: on the calendar, or by taking all choices back.
  if (day !== shown) {
    setShown(day);
    setTyped(day ?? "");
  }
  const change = (text: string) => {
    setTyped(text);
    const next = isDay(text) ? text : null;
    setShown(next);
    if (next !== day) onDay(next);
  };
  return (
    <TextInput
      aria-label="Day"
      placeholder="yyyy-mm-dd"
      value={typed}
      maxLength={10}
      error={typed.length === 10 && !isDay(typed)}
      onChange={(event) => change(event.currentTarget.value.trim())}
    />
  );
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

/** The first day, and for how many days it goes on after that. */
function dayOf({ from, to }: RunFinding): string {
  if (from === null) return "–";
  const more = to === null ? 0 : (Date.parse(to) - Date.parse(from)) / 86_400_000;
  return more > 0 ? `${from} +${count(more)} d` : from;
}

function touches({ from, to }: RunFinding, day: string): boolean {
  return from !== null && from <= day && day <= (to ?? from);
}

function ruleWords(rule: string): string {
  return rule.replaceAll("_", " ");
}
