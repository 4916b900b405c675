import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { DayFindings, Quality } from "../../../contract/data.ts";
import { calendarHeight, findingsCalendar, type Theme } from "../../../contract/figures/index.ts";
import type { VersionView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Chart } from "../../charts/chart.tsx";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { FindingTable } from "./finding-table.tsx";
import type { Focus } from "./focus.ts";
import { SeverityCounts } from "./severity.tsx";

/** What the check of a version found: on a calendar, and one by one. */
export function QualityPanels(props: { version: VersionView; onFocus: (focus: Focus) => void }) {
  const { quality } = props.version;
  if (!quality) {
    return (
      <Panel title="Quality">
        <Empty>
          What the check finds appears here. This version was not checked, or by other code than
          today's: choose <b>Check</b>, or run an idea on it.
        </Empty>
      </Panel>
    );
  }
  return <Found {...props} quality={quality} />;
}

function Found(props: { version: VersionView; quality: Quality; onFocus: (focus: Focus) => void }) {
  const { version, quality, onFocus } = props;
  const [day, setDay] = useState<string | null>(null);
  const found = useQuery(
    trpc.bars.findings.queryOptions({ version: version.key, check: quality.key }),
  );
  return (
    <>
      <Panel title="Findings by day" note={<SeverityCounts quality={quality} />}>
        <Asked query={found} for="the findings">
          {({ days }) => <Calendar version={version} days={days} onPick={setDay} />}
        </Asked>
        <Done quality={quality} />
      </Panel>
      {/* Over the whole width: what was seen is a sentence. */}
      <Panel title="Findings" note="choose one to see its bars">
        <Asked query={found} for="the findings">
          {({ findings }) => (
            <FindingTable
              findings={findings}
              inAll={quality.findings}
              day={day}
              onDay={setDay}
              onOpen={onFocus}
            />
          )}
        </Asked>
      </Panel>
    </>
  );
}

function Calendar(props: {
  version: VersionView;
  days: DayFindings[];
  onPick: (day: string) => void;
}) {
  const { version, days, onPick } = props;
  const { first, last } = version;
  const figure = useCallback(
    (theme: Theme) => findingsCalendar({ days, first: first ?? "", last: last ?? "" }, theme),
    [days, first, last],
  );
  if (!first || !last || days.length === 0) {
    return <Empty>No finding is about single days: nothing is wrong with any bar.</Empty>;
  }
  return (
    <Chart
      name={`findings of ${version.name}`}
      label={`Days with findings between ${first} and ${last}; the table below lists them`}
      figure={figure}
      height={calendarHeight({ first, last })}
      onPick={(date) => typeof date === "string" && onPick(date)}
    />
  );
}

/** What was done about the findings; the bars themselves are never changed. */
function Done({ quality }: { quality: Quality }) {
  const { quarantined_rows, repaired_rows, adjusted_actions, complete_symbols, days } = quality;
  return (
    <p style={{ margin: "6px 0 0", color: "var(--bf-muted)", fontSize: 12 }}>
      {count(quarantined_rows)} bars quarantined, {count(repaired_rows)} repaired,{" "}
      {count(adjusted_actions)} splits adjusted; {count(complete_symbols)} symbols have a bar on
      each of {count(days)} days. Bars stay as they were imported: this is laid over them when they
      are read.
    </p>
  );
}
