import { z } from "zod";

/** Which of a book's lines are asked for; the engine orders and cuts them. */
const Asked = z.object({
  symbol: z.string().min(1).nullable().default(null),
  /** ISO. */
  date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .nullable()
    .default(null),
  offset: z.int().min(0).default(0),
  limit: z.int().min(1).max(500).default(100),
});

export const TradesAsked = Asked.extend({
  order: z.enum(["newest", "largest", "dearest"]).default("newest"),
});
export type TradesAsked = z.infer<typeof TradesAsked>;

export const PositionsAsked = Asked.extend({
  order: z.enum(["newest", "largest"]).default("newest"),
});
export type PositionsAsked = z.infer<typeof PositionsAsked>;

/** One fill, at the price of the bar of `date`; costs are shares of equity. */
export const Trade = z.object({
  symbol: z.string(),
  signal_date: z.string(),
  date: z.string(),
  price_of: z.enum(["open", "vwap", "close"]),
  side: z.enum(["buy", "sell"]),
  shares: z.number(),
  price: z.number(),
  notional: z.number(),
  weight_change: z.number(),
  commission: z.number(),
  spread_cost: z.number(),
  impact_cost: z.number(),
  cost: z.number(),
});
export type Trade = z.infer<typeof Trade>;

/** What was held of a symbol at a close, at the close of the bar of `price_date`. */
export const Position = z.object({
  date: z.string(),
  symbol: z.string(),
  shares: z.number(),
  price: z.number(),
  price_date: z.string(),
  value: z.number(),
  weight: z.number(),
});
export type Position = z.infer<typeof Position>;

/** A page of lines, and what is to be told of all that were asked for. */
export const Trades = z.object({
  lines: z.array(Trade),
  in_all: z.int(),
  symbols: z.int(),
  cost: z.number(),
});
export type Trades = z.infer<typeof Trades>;

export const Positions = z.object({
  lines: z.array(Position),
  in_all: z.int(),
  symbols: z.int(),
});
export type Positions = z.infer<typeof Positions>;
