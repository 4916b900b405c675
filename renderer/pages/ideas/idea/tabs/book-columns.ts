import type { Position, Trade } from "../../../../../contract/book-lines.ts";
import type { TableColumn } from "../../../../parts/data-table.tsx";
import { count, fixed, percent } from "../../../../parts/format.ts";

export const TRADE_COLUMNS: TableColumn<Trade>[] = [
  { key: "symbol", title: "Symbol", value: ({ symbol }) => symbol },
  { key: "date", title: "Filled", value: ({ date }) => date },
  { key: "signal", title: "Signal", value: ({ signal_date }) => signal_date },
  { key: "side", title: "Side", value: ({ side }) => side },
  {
    key: "shares",
    title: "Shares",
    align: "right",
    value: ({ shares }) => shares,
    show: ({ shares }) => fixed(shares, 2),
  },
  {
    key: "price",
    title: "Price",
    align: "right",
    help: "Of the bar of the day that it was filled on",
    value: ({ price }) => price,
    show: ({ price, price_of }) => `${fixed(price, 2)} ${price_of}`,
  },
  {
    key: "notional",
    title: "Notional",
    align: "right",
    help: "In the currency of the prices",
    value: ({ notional }) => notional,
    show: ({ notional }) => money(notional),
  },
  {
    key: "weight",
    title: "Of equity",
    align: "right",
    value: ({ weight_change }) => weight_change,
    show: ({ weight_change }) => percent(weight_change, 3),
  },
  {
    key: "cost",
    title: "Cost, bps",
    align: "right",
    help: "Commission, spread and impact, of the notional",
    value: bpsOf,
    show: (trade) => fixed(bpsOf(trade), 1),
  },
];

export const POSITION_COLUMNS: TableColumn<Position>[] = [
  { key: "symbol", title: "Symbol", value: ({ symbol }) => symbol },
  { key: "date", title: "Close of", value: ({ date }) => date },
  {
    key: "shares",
    title: "Shares",
    align: "right",
    value: ({ shares }) => shares,
    show: ({ shares }) => fixed(shares, 2),
  },
  {
    key: "price",
    title: "Price",
    align: "right",
    value: ({ price }) => price,
    show: ({ price }) => fixed(price, 2),
  },
  {
    key: "price_date",
    title: "Price of",
    help: "The last bar that the symbol had",
    value: ({ price_date }) => price_date,
  },
  {
    key: "value",
    title: "Value",
    align: "right",
    help: "In the currency of the prices",
    value: ({ value }) => value,
    show: ({ value }) => money(value),
  },
  {
    key: "weight",
    title: "Of equity",
    align: "right",
    value: ({ weight }) => weight,
    show: ({ weight }) => percent(weight, 3),
  },
];

function money(value: number): string {
  return count(Math.round(value));
}

/** Costs and the change are shares of equity a night apart, which is near enough for a rate. */
function bpsOf({ cost, weight_change }: Trade): number | null {
  return weight_change === 0 ? null : (cost / Math.abs(weight_change)) * 1e4;
}
