import type { FacetValue, IdeaFacets, IdeaQuery, IdeaRow } from "../../contract/idea-list.ts";
import { ContentKey, IdeaId, RunId } from "../../contract/ids.ts";
import { RunState, Verdict } from "../../contract/run.ts";
import type { Database } from "./database.ts";

/** A line of the list, and the judge artifact whose charts go with it. */
export type ListedIdea = IdeaRow & {
  readonly judgement: ContentKey | null;
  /** Net equity of the judged run, thinned; null where nobody has read its file yet. */
  readonly equity: number[] | null;
};

/** What each choice that narrows the list asks of a line; one that is not made costs nothing. */
function conditions(query: IdeaQuery, words: readonly string[]): string[] {
  return [
    "shown = :shown",
    ...(query.verdicts.length > 0
      ? ["coalesce(verdict, 'none') IN (SELECT value FROM json_each(:verdicts))"]
      : []),
    ...(query.data.length > 0 ? ["data IN (SELECT value FROM json_each(:data))"] : []),
    ...(query.tags.length > 0
      ? [
          `idea IN (SELECT idea FROM idea_tags
            WHERE idea_tags.shown = :shown AND tag IN (SELECT value FROM json_each(:tags)))`,
        ]
      : []),
    ...words.map((_, at) => `instr(searched, :words ->> ${at}) > 0`),
  ];
}

/** Each has its index, the idea's id as the tie-break last. */
const ORDER: Record<IdeaQuery["sort"]["by"], string> = {
  activity: "activity",
  name: "name_order",
  data: "data",
  verdict: "verdict_order",
  rank_ic: "rank_ic",
  sharpe_net: "sharpe_net",
};

/** More words than this do not make a search any narrower. */
const MOST_WORDS = 20;

type Line = {
  idea: string;
  name: string;
  description: string;
  tags: string;
  data: string;
  target: string;
  horizon: number;
  strategy: string;
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
  equity: string | null;
};

/** The ideas as lists show them: filtered, sorted, a page at a time. */
export class IdeaList {
  readonly #database: Database;
  readonly #facet;
  readonly #keepPicture;

  constructor(database: Database) {
    this.#database = database;
    this.#facet = {
      counts: database.prepare<[], { shown: number; ideas: number }>(
        "SELECT shown, count(*) AS ideas FROM idea_lines GROUP BY shown",
      ),
      verdicts: database.prepare<[], FacetValue>(
        `SELECT coalesce(verdict, 'none') AS value, count(*) AS ideas FROM idea_lines
         WHERE shown = 1 GROUP BY verdict_order, verdict ORDER BY 2 DESC`,
      ),
      tags: database.prepare<[], FacetValue>(
        `SELECT tag AS value, count(*) AS ideas FROM idea_tags
         WHERE shown = 1 GROUP BY tag ORDER BY 2 DESC, 1 LIMIT 200`,
      ),
      data: database.prepare<[], FacetValue>(
        `SELECT data AS value, count(*) AS ideas FROM idea_lines
         WHERE shown = 1 GROUP BY data ORDER BY 2 DESC, 1 LIMIT 200`,
      ),
    };
    this.#keepPicture = database.prepare<{ judgement: string; equity: string }>(
      "INSERT OR IGNORE INTO equity_pictures (judgement, equity) VALUES (:judgement, :equity)",
    );
  }

  page(query: IdeaQuery): { total: number; rows: ListedIdea[] } {
    const { by, descending } = query.sort;
    const words = query.text.toLowerCase().split(/\s+/).filter(Boolean).slice(0, MOST_WORDS);
    const chosen = conditions(query, words).join(" AND ");
    const direction = descending ? "DESC" : "ASC";
    const parameters = {
      shown: query.archived ? 0 : 1,
      verdicts: JSON.stringify(query.verdicts),
      data: JSON.stringify(query.data),
      tags: JSON.stringify(query.tags),
      words: JSON.stringify(words),
    };
    const total = this.#database
      .prepare<Record<string, string | number>, { total: number }>(
        `SELECT count(*) AS total FROM idea_lines WHERE ${chosen}`,
      )
      .get(parameters);
    // What never came to a verdict, or has no such number, is last either way.
    const order = `${ORDER[by]} ${direction} NULLS LAST, idea ${direction}`;
    // The lines before the page are skipped in the index alone.
    const rows = this.#database
      .prepare<Record<string, string | number>, Line>(
        `SELECT idea_lines.*, equity FROM idea_lines LEFT JOIN equity_pictures USING (judgement)
         WHERE idea_lines.rowid IN (
           SELECT rowid FROM idea_lines WHERE ${chosen} ORDER BY ${order}
           LIMIT :limit OFFSET :offset)
         ORDER BY ${order}`,
      )
      .all({ ...parameters, limit: query.limit, offset: query.offset });
    return { total: total?.total ?? 0, rows: rows.map(listedIdea) };
  }

  facets(): IdeaFacets {
    const counts = new Map(this.#facet.counts.all().map(({ shown, ideas }) => [shown, ideas]));
    return {
      total: counts.get(1) ?? 0,
      archived: counts.get(0) ?? 0,
      verdicts: this.#facet.verdicts.all(),
      tags: this.#facet.tags.all(),
      data: this.#facet.data.all(),
    };
  }

  /** Keeps what was read of a judge artifact, which never changes. */
  keepPictures(pictures: ReadonlyMap<ContentKey, readonly number[]>): void {
    this.#database.transaction(() => {
      for (const [judgement, equity] of pictures) {
        this.#keepPicture.run({ judgement, equity: JSON.stringify(equity) });
      }
    });
  }
}

function listedIdea(line: Line): ListedIdea {
  return {
    id: IdeaId.parse(line.idea),
    name: line.name,
    description: line.description,
    tags: JSON.parse(line.tags) as string[],
    data: line.data,
    target: line.target,
    horizon: line.horizon,
    strategy: line.strategy,
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
    equity: line.equity ? (JSON.parse(line.equity) as number[]) : null,
  };
}
