import { Group, SegmentedControl, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import type { Prices, SymbolSpan } from "../../../contract/data.ts";
import {
  MOST_CANDLES,
  type PriceView,
  priceChart,
  type Theme,
} from "../../../contract/figures/index.ts";
import type { VersionView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Chart } from "../../charts/chart.tsx";
import { Asked } from "../../parts/asked.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import type { Focus } from "./focus.ts";

/** Days that are shown, back from the last one. */
const SPANS = { "3 m": 91, "1 y": 365, "3 y": 1095 } as const;
type Span = keyof typeof SPANS | "all" | "around";
/** Days on each side of a bar that is looked at. */
const AROUND = 60;
/** A list of ten thousand symbols is searched, not scrolled. */
const LISTED = 60;

/** The bars of one symbol, with the flagged ones marked. */
export function PricePanel(props: {
  version: VersionView;
  focus: Focus | null;
  onFocus: (focus: Focus) => void;
}) {
  const { version, focus, onFocus } = props;
  const place = { version: version.key, check: version.quality?.key ?? null };
  const symbols = useQuery(trpc.bars.symbols.queryOptions(place));
  return (
    <Panel title="Prices" note="as they were imported; flagged bars are marked">
      <Asked query={symbols} for="the symbols">
        {(list) => {
          const symbol = chosenOf(list, focus);
          return symbol ? (
            <Bars
              key={`${focus?.symbol} ${focus?.date}`}
              place={place}
              list={list}
              symbol={symbol}
              date={focus?.symbol === symbol ? focus.date : null}
              onFocus={onFocus}
            />
          ) : (
            <Empty>The prices of each symbol appear here.</Empty>
          );
        }}
      </Asked>
    </Panel>
  );
}

function Bars(props: {
  place: { version: VersionView["key"]; check: VersionView["key"] | null };
  list: SymbolSpan[];
  symbol: string;
  date: string | null;
  onFocus: (focus: Focus) => void;
}) {
  const { place, list, symbol, date, onFocus } = props;
  const flagged = list.find((one) => one.symbol === symbol)?.findings ?? 0;
  const [span, setSpan] = useState<Span>(date ? "around" : flagged > 0 ? "all" : "1 y");
  const [chosen, setChosen] = useState<PriceView["kind"] | null>(null);
  const kind = chosen ?? (span === "all" || span === "3 y" ? "close" : "candles");
  const prices = useQuery(
    trpc.bars.prices.queryOptions({ ...place, symbol }, { placeholderData: keepPreviousData }),
  );
  const spans = [...(date ? (["around"] as const) : []), ...Object.keys(SPANS), "all"];
  return (
    <>
      <Group gap={8} my={6}>
        <Select
          aria-label="Symbol of the chart"
          searchable
          limit={LISTED}
          data={list.map((one) => one.symbol)}
          value={symbol}
          allowDeselect={false}
          onChange={(next) => next !== null && onFocus({ symbol: next, date: null })}
          renderOption={({ option }) => <SymbolOption list={list} symbol={option.value} />}
          nothingFoundMessage="No symbol is called that."
          w={200}
        />
        <SegmentedControl
          aria-label="How bars are drawn"
          data={["candles", "close"]}
          value={kind}
          onChange={(next) => setChosen(next as PriceView["kind"])}
        />
        <SegmentedControl
          aria-label="Range of days"
          data={spans.map((one) => ({
            value: one,
            label: one === "around" ? `around ${date}` : one,
          }))}
          value={span}
          onChange={(next) => setSpan(next as Span)}
        />
      </Group>
      <Asked query={prices} for={`the prices of ${symbol}`}>
        {(loaded) => (
          <PriceChart
            prices={loaded}
            kind={kind}
            range={rangeOf(loaded, span, date)}
            marked={date}
          />
        )}
      </Asked>
    </>
  );
}

function PriceChart(props: { prices: Prices } & PriceView) {
  const { prices, kind, range, marked } = props;
  const [from, to] = range ?? [null, null];
  const view = useMemo(
    (): PriceView => ({ kind, range: from && to ? [from, to] : null, marked }),
    [kind, from, to, marked],
  );
  const figure = useCallback((theme: Theme) => priceChart(prices, view, theme), [prices, view]);
  const tooMany = kind === "candles" && !range && prices.date.length > MOST_CANDLES;
  return (
    <>
      <Chart
        name={`prices of ${prices.symbol}`}
        label={`Prices and volume of ${prices.symbol}, with ${prices.flags.length} flagged bars`}
        figure={figure}
        height={320}
      />
      {tooMany && (
        <p style={{ margin: 0, color: "var(--bf-dim)", fontSize: 12 }}>
          {count(prices.date.length)} bars are too many for candles: this is their closes.
        </p>
      )}
    </>
  );
}

function SymbolOption(props: { list: SymbolSpan[]; symbol: string }) {
  const one = props.list.find(({ symbol }) => symbol === props.symbol);
  return (
    <Group justify="space-between" flex={1} wrap="nowrap" gap={6}>
      <span>{props.symbol}</span>
      {one && one.findings > 0 && (
        <span style={{ color: "var(--bf-dim)", fontSize: 11 }}>{one.findings} found</span>
      )}
    </Group>
  );
}

/** The one that is looked at; else the one with the most findings, which is worth a look. */
function chosenOf(list: readonly SymbolSpan[], focus: Focus | null): string | null {
  if (focus && list.some(({ symbol }) => symbol === focus.symbol)) return focus.symbol;
  const most = list.reduce<SymbolSpan | null>(
    (best, one) => (!best || one.findings > best.findings ? one : best),
    null,
  );
  return most?.symbol ?? null;
}

function rangeOf(prices: Prices, span: Span, date: string | null): PriceView["range"] {
  const last = prices.date.at(-1);
  if (span === "all" || !last) return null;
  if (span === "around") return date ? [shifted(date, -AROUND), shifted(date, AROUND)] : null;
  return [shifted(last, -SPANS[span]), last];
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
}
