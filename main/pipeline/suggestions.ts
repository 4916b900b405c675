import type { Idea } from "../../contract/idea.ts";
import type { Suggestion } from "../../contract/idea-list.ts";
import type { IdeaId } from "../../contract/ids.ts";
import { DEMO_DATA } from "./demo-data.ts";
import type { Template } from "./templates.ts";

/** What is known of a data set without reading it. */
type DataAtHand = {
  name: Suggestion["data"];
  symbols: number;
  first: string | null;
  last: string | null;
};

/**
 * Volatility can be told ahead on most markets, returns on few: who starts with it sees every part
 * of the workbench at work, and not a rejection first.
 */
const PREFERRED = "volatility";

/** Fewer symbols a side than this are single bets, not a portfolio. */
const SYMBOLS_A_SIDE = 3;
/** A daily rank over fewer symbols says next to nothing. */
const SYMBOLS_RANKED = 5;
const YEARS = 2;

/** The templates for a data set, the best-fitting first; without a data set for the demo data. */
export function suggest(
  templates: readonly Template[],
  data: DataAtHand | null,
): (Suggestion & { id: IdeaId })[] {
  return templates
    .map(({ template, idea, yaml }) => ({
      template,
      id: idea.id,
      name: idea.name,
      description: idea.description,
      tags: idea.tags,
      data: data?.name ?? DEMO_DATA.name,
      yaml,
      unfit: data && unfitness(idea, data),
    }))
    .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name, "en"));
}

function rank({ template, unfit }: { template: string; unfit: string | null }): number {
  return (unfit ? 2 : 0) + (template === PREFERRED ? 0 : 1);
}

function unfitness(idea: Idea, data: DataAtHand): string | null {
  const { strategy, quantile } = idea.backtest;
  const needed =
    strategy === "inverse_volatility" ? SYMBOLS_RANKED : Math.ceil(SYMBOLS_A_SIDE / quantile);
  if (data.symbols < needed) {
    return `Needs ${needed} symbols or more; ${data.name} has ${data.symbols}.`;
  }
  const years = yearsOf(data);
  if (years !== null && years < YEARS) {
    return `Needs ${YEARS} years or more; ${data.name} has ${years.toFixed(1)}.`;
  }
  return null;
}

function yearsOf({ first, last }: DataAtHand): number | null {
  if (!first || !last) return null;
  return (Date.parse(last) - Date.parse(first)) / (365.25 * 24 * 3600 * 1000);
}
