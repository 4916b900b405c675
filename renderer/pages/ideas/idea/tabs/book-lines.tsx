import { Group, Pagination, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import type { Position, Trade } from "../../../../../contract/book-lines.ts";
import type { RunOverview } from "../../../../../contract/run.ts";
import { trpc } from "../../../../app/api.ts";
import { Asked } from "../../../../parts/asked.tsx";
import { DataTable } from "../../../../parts/data-table.tsx";
import { Empty } from "../../../../parts/empty.tsx";
import { count, percent } from "../../../../parts/format.ts";
import { Panel } from "../../../../parts/panel.tsx";
import { barAddress } from "../../../data/addresses.ts";
import { POSITION_COLUMNS, TRADE_COLUMNS } from "./book-columns.ts";
import { Gone } from "./gone.tsx";

const PAGE = 100;
const TYPED_MS = 250;

type Kind = "trades" | "positions";
type Order = "newest" | "largest" | "dearest";

/** Every fill and everything that was held; a line opens the bar that its price is from. */
export function BookLines({ overview }: { overview: RunOverview }) {
  const [kind, setKind] = useState<Kind>("trades");
  const [order, setOrder] = useState<Order>("newest");
  const [symbol, setSymbol] = useState("");
  const [day, setDay] = useState("");
  const [page, setPage] = useState(1);
  const [typed] = useDebouncedValue(symbol.trim(), TYPED_MS);
  const from = <Value,>(set: (value: Value) => void) => {
    return (value: Value) => {
      set(value);
      setPage(1);
    };
  };
  const asked = {
    symbol: typed || null,
    date: day || null,
    offset: (page - 1) * PAGE,
    limit: PAGE,
  };
  const shared = { overview, asked, page, onPage: setPage };
  return (
    <Panel
      title="Trades and positions"
      note={overview.data && "a line opens the bar that its price is from"}
    >
      <Group gap={8} my={6}>
        <SegmentedControl
          aria-label="What is listed"
          data={["trades", "positions"]}
          value={kind}
          onChange={from((next: string) => {
            setKind(next as Kind);
            if (next === "positions" && order === "dearest") setOrder("newest");
          })}
        />
        <Select
          aria-label="Which come first"
          data={["newest", "largest", ...(kind === "trades" ? ["dearest"] : [])].map((value) => ({
            value,
            label: `${value} first`,
          }))}
          value={order}
          allowDeselect={false}
          onChange={from((next: string | null) => setOrder((next ?? "newest") as Order))}
          w={150}
        />
        <TextInput
          aria-label="Only this symbol"
          placeholder="symbol"
          value={symbol}
          onChange={(event) => from(setSymbol)(event.currentTarget.value)}
          w={130}
        />
        <TextInput
          aria-label="Only this day"
          type="date"
          value={day}
          onChange={(event) => from(setDay)(event.currentTarget.value)}
          w={150}
        />
      </Group>
      {kind === "trades" ? (
        <TradeLines {...shared} order={order} />
      ) : (
        <PositionLines {...shared} order={order === "dearest" ? "newest" : order} />
      )}
    </Panel>
  );
}

type LinesProps = {
  overview: RunOverview;
  asked: { symbol: string | null; date: string | null; offset: number; limit: number };
  page: number;
  onPage: (page: number) => void;
};

function TradeLines({ overview, asked, order, ...pages }: LinesProps & { order: Order }) {
  const trades = useQuery(
    trpc.runs.trades.queryOptions(
      { run: overview.run, asked: { ...asked, order } },
      { placeholderData: keepPreviousData },
    ),
  );
  const open = useBar(overview);
  return (
    <Asked query={trades} for="the trades">
      {(found) =>
        found ? (
          <Page
            {...pages}
            told={`${count(found.in_all)} trades of ${count(found.symbols)} symbols cost ${percent(found.cost, 2)} of equity in all.`}
            inAll={found.in_all}
          >
            <DataTable
              name="Trades"
              columns={TRADE_COLUMNS}
              rows={found.lines}
              rowKey={({ symbol, date, side, signal_date }) =>
                `${symbol} ${date} ${side} ${signal_date}`
              }
              maxHeight={380}
              {...(open && { onOpen: ({ symbol, date }: Trade) => open(symbol, date) })}
            />
          </Page>
        ) : (
          <Gone />
        )
      }
    </Asked>
  );
}

function PositionLines(props: LinesProps & { order: "newest" | "largest" }) {
  const { overview, asked, order, ...pages } = props;
  const positions = useQuery(
    trpc.runs.positions.queryOptions(
      { run: overview.run, asked: { ...asked, order } },
      { placeholderData: keepPreviousData },
    ),
  );
  const open = useBar(overview);
  return (
    <Asked query={positions} for="the positions">
      {(found) =>
        found ? (
          <Page
            {...pages}
            told={`${count(found.in_all)} positions at a close, of ${count(found.symbols)} symbols.`}
            inAll={found.in_all}
          >
            <DataTable
              name="Positions"
              columns={POSITION_COLUMNS}
              rows={found.lines}
              rowKey={({ symbol, date }) => `${symbol} ${date}`}
              maxHeight={380}
              {...(open && {
                onOpen: ({ symbol, price_date }: Position) => open(symbol, price_date),
              })}
            />
          </Page>
        ) : (
          <Gone />
        )
      }
    </Asked>
  );
}

function Page(props: {
  told: string;
  inAll: number;
  page: number;
  onPage: (page: number) => void;
  children: ReactNode;
}) {
  const { told, inAll, page, onPage, children } = props;
  if (inAll === 0) return <Empty>Nothing of that kind was traded or held.</Empty>;
  const pages = Math.ceil(inAll / PAGE);
  return (
    <>
      {children}
      <Group justify="space-between" mt={8} gap={8}>
        <span style={{ color: "var(--bf-muted)", fontSize: 12 }}>{told}</span>
        {pages > 1 && (
          <Pagination
            size="sm"
            total={pages}
            value={page}
            onChange={onPage}
            getItemProps={(at) => ({ "aria-label": `Page ${at}` })}
            getControlProps={(control) => ({ "aria-label": `The ${control} page` })}
          />
        )}
      </Group>
    </>
  );
}

/** Goes to a bar of the version that the run was made on; null where that is not known. */
function useBar({ data }: RunOverview): ((symbol: string, date: string) => void) | null {
  const [, go] = useLocation();
  if (!data) return null;
  return (symbol, date) => go(`~${barAddress(data.name, { version: data.key, symbol, date })}`);
}
