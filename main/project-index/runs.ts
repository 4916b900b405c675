import { Idea } from "../../contract/idea.ts";
import { IdeaId, RunId } from "../../contract/ids.ts";
import { Problem } from "../../contract/problem.ts";
import { RunState, Verdict } from "../../contract/run.ts";
import type { Database } from "./database.ts";

export type RunRecord = {
  readonly run: RunId;
  readonly idea_id: IdeaId;
  /** The idea as it stood when the run began. */
  readonly idea: Idea;
  /** The files, folders and globs it was given; null: the data set as it stood. */
  readonly sources: readonly string[] | null;
  readonly state: RunState;
  readonly started: string;
  readonly ended: string | null;
  readonly seconds: number | null;
  readonly problem: Problem | null;
};

/** One line about a run, for lists. */
export type RunSummary = Pick<RunRecord, "run" | "state" | "started" | "seconds"> & {
  readonly idea: IdeaId;
  readonly name: string;
  readonly verdict: Verdict | null;
  readonly rank_ic: number | null;
};

export type NumberedRun = RunSummary & { readonly number: number };

type SummaryRow = {
  id: string;
  idea: string;
  name: string;
  state: string;
  started: string;
  seconds: number | null;
  verdict: string | null;
  rank_ic: number | null;
};

const SUMMARY =
  "runs.id, idea, document ->> '$.name' AS name, state, started, seconds, verdict, rank_ic";

type RunRow = {
  id: string;
  idea: string;
  document: string;
  sources: string | null;
  state: string;
  started: string;
  ended: string | null;
  seconds: number | null;
  problem: string | null;
};

export class Runs {
  readonly #begin;
  readonly #reopen;
  readonly #end;
  readonly #get;
  readonly #list;
  readonly #find;
  readonly #ofIdea;
  readonly #inState;
  readonly #remove;
  readonly #number;

  constructor(database: Database) {
    this.#begin = database.prepare<Record<string, string | null>>(
      `INSERT INTO runs (id, idea, document, sources, state, started)
       VALUES (:id, :idea, :document, :sources, 'running', :at)`,
    );
    this.#reopen = database.prepare<{ id: string; at: string }>(
      `UPDATE runs SET state = 'running', started = :at, ended = NULL, seconds = NULL, problem = NULL
       WHERE id = :id`,
    );
    this.#end = database.prepare<Record<string, string | number | null>>(
      `UPDATE runs SET state = :state, ended = :at, seconds = :seconds, problem = :problem
       WHERE id = :id`,
    );
    this.#get = database.prepare<[string], RunRow>("SELECT * FROM runs WHERE id = ?");
    this.#list = database.prepare<[number], SummaryRow>(
      `SELECT ${SUMMARY} FROM runs ORDER BY started DESC, id DESC LIMIT ?`,
    );
    this.#find = database.prepare<{ text: string; limit: number }, SummaryRow>(
      `SELECT ${SUMMARY} FROM runs
       WHERE runs.id GLOB :text || '*'
         OR idea IN (SELECT ideas.id FROM ideas WHERE instr(searched, :text) > 0)
       ORDER BY runs.id DESC LIMIT :limit`,
    );
    // Ids sort by time; `started` changes when a run is taken up again.
    this.#ofIdea = database.prepare<[string, number], SummaryRow & { number: number }>(
      `WITH numbered AS (
         SELECT id, row_number() OVER (ORDER BY id) AS number FROM runs WHERE idea = ?)
       SELECT ${SUMMARY}, number FROM numbered CROSS JOIN runs ON runs.id = numbered.id
       ORDER BY started DESC, runs.id DESC LIMIT ?`,
    );
    this.#inState = database.prepare<[string], RunRow>(
      "SELECT * FROM runs WHERE state = ? ORDER BY started, id",
    );
    this.#remove = database.prepare<[string]>("DELETE FROM runs WHERE id = ?");
    this.#number = database.prepare<[string], { number: number }>(
      `SELECT count(*) AS number FROM runs AS own
       JOIN runs AS earlier ON earlier.idea = own.idea AND earlier.id <= own.id WHERE own.id = ?`,
    );
  }

  begin(run: RunId, idea: Idea, sources: readonly string[] | null, at: Date): void {
    this.#begin.run({
      id: run,
      idea: idea.id,
      document: JSON.stringify(idea),
      sources: sources ? JSON.stringify(sources) : null,
      at: at.toISOString(),
    });
  }

  /** A run that ended too early is taken up again; its time starts anew. */
  reopen(run: RunId, at: Date): void {
    this.#reopen.run({ id: run, at: at.toISOString() });
  }

  end(
    run: RunId,
    {
      state,
      problem,
      seconds,
      at,
    }: {
      state: Exclude<RunState, "running">;
      problem: Problem | null;
      seconds: number | null;
      at: Date;
    },
  ): void {
    this.#end.run({
      id: run,
      state,
      seconds,
      problem: problem ? JSON.stringify(problem) : null,
      at: at.toISOString(),
    });
  }

  get(run: RunId): RunRecord | null {
    const row = this.#get.get(run);
    return row ? record(row) : null;
  }

  /** Runs, the newest first. */
  list(limit = 100): RunSummary[] {
    return this.#list.all(limit).map(summary);
  }

  /** Runs whose id begins with the text, or whose idea speaks of it; the newest first. */
  find(text: string, limit: number): RunSummary[] {
    // What the pattern of an id would take for more than a letter is in none.
    const plain = text
      .trim()
      .toLowerCase()
      .replaceAll(/[*?[\]]/g, "");
    return this.#find.all({ text: plain, limit }).map(summary);
  }

  /** Runs of an idea, the newest first, each with which one it is, from 1. */
  ofIdea(idea: IdeaId, limit = 100): NumberedRun[] {
    return this.#ofIdea.all(idea, limit).map((row) => ({ ...summary(row), number: row.number }));
  }

  /** Which run of its idea it is, from 1. */
  numberOf(run: RunId): number {
    return this.#number.get(run)?.number ?? 0;
  }

  inState(state: RunState): RunRecord[] {
    return this.#inState.all(state).map(record);
  }

  /** Forgets the run, its steps and its events. Its trials stay in the ledger. */
  remove(run: RunId): void {
    this.#remove.run(run);
  }
}

function summary(row: SummaryRow): RunSummary {
  const { id, name, started, seconds, rank_ic } = row;
  return {
    run: RunId.parse(id),
    idea: IdeaId.parse(row.idea),
    name,
    state: RunState.parse(row.state),
    started,
    seconds,
    verdict: Verdict.nullable().parse(row.verdict),
    rank_ic,
  };
}

function record(row: RunRow): RunRecord {
  return {
    run: RunId.parse(row.id),
    idea_id: IdeaId.parse(row.idea),
    idea: Idea.parse(JSON.parse(row.document)),
    sources: row.sources === null ? null : (JSON.parse(row.sources) as string[]),
    state: RunState.parse(row.state),
    started: row.started,
    ended: row.ended,
    seconds: row.seconds,
    problem: row.problem === null ? null : Problem.parse(JSON.parse(row.problem)),
  };
}
