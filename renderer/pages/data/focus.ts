/** A bar that a person wants to look at; without a day, a symbol. */
export type Focus = { symbol: string; date: string | null };
