import { join } from "node:path";
import type { Problem } from "../../../contract/problem.ts";
import type { Log } from "../../runtime/log.ts";
import type { TypedEvent } from "../../runtime/typed-event.ts";
import { type Migration, readMigrations } from "../migrate.ts";
import { MirrorConnection, type MirrorDatabase } from "./connection.ts";
import { converge, follow } from "./converge.ts";
import { migrateMirror } from "./migrate.ts";
import { mayPass, mirrorProblem } from "./problems.ts";
import type { MirrorSource } from "./source.ts";

/** Changes are brought over together, this long after the first of them. */
const GATHER_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 60_000;
/** For so long, what may be under way with PostgreSQL is no news to anybody. */
const PATIENCE_MS = 5000;
const CLOSING_MS = 3000;

export interface IndexMirrorOptions {
  readonly source: MirrorSource;
  readonly database: MirrorDatabase & {
    /** It may be up now, or gone, or somewhere else. */
    readonly changed: TypedEvent<void>;
  };
  readonly migrations?: readonly Migration[];
  /** What `notice` says is different. */
  readonly onNotice: () => void;
  readonly log: Log;
}

/**
 * Keeps a copy of the index in PostgreSQL whenever that is up. Whatever fails, it begins anew: it
 * compares everything, then brings over what changes. Nobody waits for it.
 */
export class IndexMirror {
  readonly #options: IndexMirrorOptions;
  readonly #migrations: readonly Migration[];
  readonly #closing = new AbortController();
  readonly #giveUp = new AbortController();
  readonly #ended: Promise<void>;
  #problem: Problem | null = null;
  /** Something happened that may be a reason to go on. */
  #isNews = false;
  #goOn: () => void = () => undefined;

  constructor(options: IndexMirrorOptions) {
    this.#options = options;
    this.#migrations =
      options.migrations ?? readMigrations(join(import.meta.dirname, "migrations"));
    options.database.changed.subscribe(this.#tell);
    this.#ended = this.#keepUp();
  }

  /** Why the mirror does not stand although PostgreSQL is up, in words; null where it does. */
  notice(): string | null {
    if (!this.#problem) return null;
    return `The index is not mirrored: ${this.#problem.detail} ${this.#problem.hint}`;
  }

  /** Brings over what is left, as far as that takes no time. The index may be closed afterwards. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#tell();
    let late: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      late = setTimeout(resolve, CLOSING_MS);
    });
    await Promise.race([this.#ended, patience]);
    clearTimeout(late);
    this.#giveUp.abort();
  }

  async #keepUp(): Promise<void> {
    let failingSince: number | undefined;
    while (!this.#closing.signal.aborted) {
      this.#isNews = false;
      try {
        const port = await this.#options.database.port();
        if (port === undefined) {
          failingSince = undefined;
          this.#stand(null);
          await this.#until();
          continue;
        }
        await this.#mirrorAt(port, () => {
          failingSince = undefined;
          this.#stand(null);
        });
      } catch (error) {
        if (this.#closing.signal.aborted) {
          if (error !== this.#closing.signal.reason) this.#logUnfinished(error);
          return;
        }
        failingSince ??= performance.now();
        const failing = performance.now() - failingSince;
        const problem = mirrorProblem(error);
        if (!mayPass(problem) || failing >= PATIENCE_MS) this.#stand(problem);
        // As long again as it has been failing.
        await this.#until(Math.min(Math.max(failing, FIRST_RETRY_MS), LAST_RETRY_MS));
      }
    }
  }

  /** Mirrors until it fails, or all is closed. */
  async #mirrorAt(port: number, onStanding: () => void): Promise<void> {
    const { source, database, log } = this.#options;
    const closing = this.#closing.signal;
    const password = database.password();
    const connection = await MirrorConnection.open({ port, password }, this.#giveUp.signal);
    try {
      closing.throwIfAborted();
      await migrateMirror(connection, this.#migrations);
      source.changes.begin();
      const converged = await converge(connection, source, closing);
      log.info({ port, ...converged }, "the index is mirrored");
      onStanding();
      connection.onLost = () => this.#goOn();
      source.changes.onFirst = () => this.#goOn();
      while (!closing.aborted) {
        connection.throwIfLost();
        this.#isNews = false;
        if (source.changes.isEmpty()) {
          await this.#until();
        } else {
          await this.#until(GATHER_MS);
          await follow(connection, source);
        }
      }
      await follow(connection, source);
    } finally {
      source.changes.onFirst = () => undefined;
      source.changes.end();
      await connection.close();
    }
  }

  #stand(problem: Problem | null): void {
    const isNew = problem?.detail !== this.#problem?.detail;
    this.#problem = problem;
    if (!isNew) return;
    if (problem) this.#options.log.warn({ problem }, "the index is not mirrored");
    this.#options.onNotice();
  }

  #logUnfinished(error: unknown): void {
    const problem = mirrorProblem(error);
    this.#options.log.warn({ problem }, "closed before the mirror had all; the next one brings it");
  }

  readonly #tell = (): void => {
    this.#isNews = true;
    this.#goOn();
  };

  /** Resolves with the next reason to go on, or after so long. */
  #until(ms?: number): Promise<void> {
    if (this.#isNews) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, ms).unref();
      this.#goOn = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
