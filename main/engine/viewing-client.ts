import { z } from "zod";
import {
  Positions,
  type PositionsAsked,
  Trades,
  type TradesAsked,
} from "../../contract/book-lines.ts";
import {
  DayFindings,
  Difference,
  Prices,
  type Reading,
  SourcePreview,
  SymbolSpan,
} from "../../contract/data.ts";
import type { EngineClient } from "./engine-client.ts";

/** A version of a table of bars as the engine is told of it; places are `file:` URLs. */
export type BarsPlace = { table: string; version: number; check: string | null };

const FilesPreview = SourcePreview.omit({ bytes_in_all: true });

/** What screens ask the engine of bars, findings and sources; nothing is written. */
export class ViewingClient {
  readonly #engine: Pick<EngineClient, "ask">;
  readonly #see: (paths: readonly string[]) => Promise<void>;

  /** @param see asked for before the engine is asked of files that may be anywhere. */
  constructor(
    engine: Pick<EngineClient, "ask">,
    see: (paths: readonly string[]) => Promise<void> = () => Promise.resolve(),
  ) {
    this.#engine = engine;
    this.#see = see;
  }

  async preview(paths: readonly string[], reading: Omit<Reading, "calendar">) {
    await this.#see(paths);
    return this.#look(FilesPreview, "preview", { paths, ...reading });
  }

  symbols(place: BarsPlace) {
    return this.#look(z.array(SymbolSpan), "symbols", place);
  }

  prices(place: BarsPlace, symbol: string) {
    return this.#look(Prices, "prices", { ...place, symbol });
  }

  async findingDays(place: BarsPlace) {
    const { days } = await this.#look(
      z.object({ days: z.array(DayFindings) }),
      "finding-days",
      place,
    );
    return days;
  }

  difference(table: string, before: number, after: number) {
    return this.#look(Difference, "difference", { table, before, after });
  }

  /** @param backtest `file:` URI of what the step left */
  trades(backtest: string, asked: TradesAsked) {
    return this.#look(Trades, "trades", { backtest, ...asked });
  }

  positions(backtest: string, asked: PositionsAsked) {
    return this.#look(Positions, "positions", { backtest, ...asked });
  }

  #look<S extends z.ZodType>(schema: S, what: string, body: object): Promise<z.output<S>> {
    return this.#engine.ask(schema, "POST", `/view/${what}`, { body });
  }
}
