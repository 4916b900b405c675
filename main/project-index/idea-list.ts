import type { FacetValue, IdeaFacets, IdeaQuery, IdeaRow } from "../../contract/idea-list.ts";
import { ContentKey, IdeaId, RunId } from "../../contract/ids.ts";
import { RunState, Verdict } from "../../contract/run.ts";
import type { Database } from "./database.ts";

/** A line of the list, and the judge artifact whose charts go with it. */
export type ListedIdea = IdeaRow & { readonly judgement: ContentKey | null };

/**
 * One line an idea: its newest run, and the newest that came to a verdict. Both are looked up by
 * the index over (idea, started): CROSS JOIN keeps SQLite from beginning with all judge steps.
 */
const LINES = `
  SELECT ideas.id, ideas.name, ideas.document, ideas.searched, ideas.updated, ideas.archived,
    last.id AS last_run, last.state AS last_state, last.started AS last_started,
    last.seconds AS last_seconds,
    judged.run AS judged_run, judged.key AS judgement,
    judge.summary ->> '$.verdict' AS verdict,
    train.summary ->> '$.rank_ic' AS rank_ic,
    backtest.summary ->> '$.sharpe_net' AS sharpe_net
  FROM ideas
  LEFT JOIN runs AS last ON last.id = (
    SELECT id FROM runs WHERE idea = ideas.id ORDER BY started DESC, id DESC LIMIT 1)
  LEFT JOIN steps AS judged ON judged.step = 'judge' AND judged.run = (
    SELECT runs.id FROM runs
    CROSS JOIN steps ON steps.run = runs.id AND steps.step = 'judge' AND steps.state IN ('done', 'cached')
    WHERE runs.idea = ideas.id ORDER BY runs.started DESC, runs.id DESC LIMIT 1)
  LEFT JOIN artifacts AS judge ON judge.key = judged.key
  LEFT JOIN steps AS trained ON trained.run = judged.run AND trained.step = 'train'
  LEFT JOIN artifacts AS train ON train.key = trained.key
  LEFT JOIN steps AS traded ON traded.run = judged.run AND traded.step = 'backtest'
  LEFT JOIN artifacts AS backtest ON backtest.key = traded.key`;

/** Conditions of the choices that narrow the list; one that is not made costs nothing. */
function conditions(query: IdeaQuery): string[] {
  return [
    query.archived ? "archived IS NOT NULL" : "archived IS NULL",
    ...(query.verdicts.length > 0
      ? ["coalesce(verdict, 'none') IN (SELECT value FROM json_each(:verdicts))"]
      : []),
    ...(query.data.length > 0
      ? ["document ->> '$.universe.data' IN (SELECT value FROM json_each(:data))"]
      : []),
    ...(query.tags.length > 0
      ? [
          `EXISTS (SELECT 1 FROM json_each(document, '$.tags') AS tag
            WHERE tag.value IN (SELECT value FROM json_each(:tags)))`,
        ]
      : []),
    ...(query.text.trim()
      ? [
          `NOT EXISTS (SELECT 1 FROM json_each(:words) AS word
            WHERE instr(searched, word.value) = 0)`,
        ]
      : []),
  ];
}

/** What never came to a verdict, or has no such number, is last either way. */
const ORDER: Record<IdeaQuery["sort"]["by"], string> = {
  activity: "coalesce(last_started, updated)",
  name: "searched",
  data: "document ->> '$.universe.data'",
  verdict: "CASE verdict WHEN 'deploy' THEN 3 WHEN 'watch' THEN 2 WHEN 'reject' THEN 1 END",
  rank_ic: "rank_ic",
  sharpe_net: "sharpe_net",
};

type Line = {
  id: string;
  name: string;
  document: string;
  updated: string;
  archived: string | null;
  last_run: string | null;
  last_state: string | null;
  last_started: string | null;
  last_seconds: number | null;
  judged_run: string | null;
  judgement: string | null;
  verdict: string | null;
  rank_ic: number | null;
  sharpe_net: number | null;
};

/** The ideas as lists show them: filtered, sorted, a page at a time. */
export class IdeaList {
  readonly #database: Database;
  readonly #facet;

  constructor(database: Database) {
    this.#database = database;
    this.#facet = {
      counts: database.prepare<[], { total: number; archived: number }>(
        `SELECT count(*) FILTER (WHERE archived IS NULL) AS total, count(archived) AS archived
         FROM ideas`,
      ),
      verdicts: database.prepare<[], FacetValue>(
        `SELECT coalesce(verdict, 'none') AS value, count(*) AS ideas FROM (${LINES})
         WHERE archived IS NULL GROUP BY 1 ORDER BY 2 DESC`,
      ),
      tags: database.prepare<[], FacetValue>(
        `SELECT tag.value, count(*) AS ideas FROM ideas, json_each(document, '$.tags') AS tag
         WHERE archived IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200`,
      ),
      data: database.prepare<[], FacetValue>(
        `SELECT document ->> '$.universe.data' AS value, count(*) AS ideas FROM ideas
         WHERE archived IS NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 200`,
      ),
    };
  }

  page(query: IdeaQuery): { total: number; rows: ListedIdea[] } {
    const { by, descending } = query.sort;
    // SQLite leaves out the joins that no column here asks for: with the plain order and no choice
    // of verdicts, only the newest run of each idea is looked up before the page is cut.
    const chosen = `FROM (${LINES}) WHERE ${conditions(query).join(" AND ")}`;
    const order = `${ORDER[by]} ${descending ? "DESC" : "ASC"} NULLS LAST, id`;
    const parameters = {
      verdicts: JSON.stringify(query.verdicts),
      data: JSON.stringify(query.data),
      tags: JSON.stringify(query.tags),
      words: JSON.stringify(query.text.toLowerCase().split(/\s+/).filter(Boolean)),
    };
    const total = this.#database
      .prepare<Record<string, string>, { total: number }>(`SELECT count(*) AS total ${chosen}`)
      .get(parameters);
    const rows = this.#database
      .prepare<Record<string, string | number>, Line>(
        `WITH page AS MATERIALIZED (
           SELECT id AS chosen, row_number() OVER (ORDER BY ${order}) AS place ${chosen}
           ORDER BY place LIMIT :limit OFFSET :offset)
         SELECT lines.* FROM page CROSS JOIN (${LINES}) AS lines ON lines.id = page.chosen
         ORDER BY page.place`,
      )
      .all({ ...parameters, limit: query.limit, offset: query.offset });
    return { total: total?.total ?? 0, rows: rows.map(listedIdea) };
  }

  facets(): IdeaFacets {
    const counts = this.#facet.counts.get() ?? { total: 0, archived: 0 };
    return {
      ...counts,
      verdicts: this.#facet.verdicts.all(),
      tags: this.#facet.tags.all(),
      data: this.#facet.data.all(),
    };
  }
}

/** Of the document only what the line shows, and unchecked: a list must open whatever is in it. */
type Glimpse = {
  description?: string;
  tags?: string[];
  universe?: { data?: string };
  target?: { kind?: string; horizon?: number };
  backtest?: { strategy?: string };
};

function listedIdea(line: Line): ListedIdea {
  const glimpse = JSON.parse(line.document) as Glimpse;
  return {
    id: IdeaId.parse(line.id),
    name: line.name,
    description: (glimpse.description ?? "").slice(0, 240),
    tags: glimpse.tags ?? [],
    data: glimpse.universe?.data ?? "",
    target: glimpse.target?.kind ?? "",
    horizon: glimpse.target?.horizon ?? 0,
    strategy: glimpse.backtest?.strategy ?? "",
    updated: line.updated,
    archived: line.archived,
    last:
      line.last_run && line.last_started
        ? {
            run: RunId.parse(line.last_run),
            state: RunState.parse(line.last_state),
            started: line.last_started,
            seconds: line.last_seconds,
          }
        : null,
    judged:
      line.judged_run && line.verdict
        ? {
            run: RunId.parse(line.judged_run),
            verdict: Verdict.parse(line.verdict),
            rank_ic: line.rank_ic,
            sharpe_net: line.sharpe_net,
          }
        : null,
    judgement: line.judgement ? ContentKey.parse(line.judgement) : null,
  };
}
