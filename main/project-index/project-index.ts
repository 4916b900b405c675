import { join } from "node:path";
import type { Noun } from "../../contract/noun.ts";
import { Artifacts } from "./artifacts.ts";
import { announceChanges } from "./changes.ts";
import { DataVersions } from "./data-versions.ts";
import { Database } from "./database.ts";
import { Deployments } from "./deployments.ts";
import { Events } from "./events.ts";
import { IdeaList } from "./idea-list.ts";
import { Ideas } from "./ideas.ts";
import { LedgerFiles } from "./ledger-files.ts";
import { LoggedTrials } from "./logged-trials.ts";
import { migrate, readMigrations } from "./migrate.ts";
import { MirrorSource } from "./mirror/source.ts";
import { Models } from "./models.ts";
import { Runs } from "./runs.ts";
import { SourceFiles } from "./source-files.ts";
import { Steps } from "./steps.ts";
import { Trials } from "./trials.ts";

/** How many there are; ideas that are archived are not counted. */
export type Counts = { ideas: number; data_sets: number; models: number };

/** Everything that a workspace did, one repository a noun. One process owns it at a time. */
export class ProjectIndex {
  readonly ideas: Ideas;
  readonly ideaList: IdeaList;
  readonly runs: Runs;
  readonly steps: Steps;
  readonly artifacts: Artifacts;
  readonly dataVersions: DataVersions;
  readonly models: Models;
  readonly deployments: Deployments;
  readonly trials: Trials;
  readonly ledgerFiles: LedgerFiles;
  readonly loggedTrials: LoggedTrials;
  readonly events: Events;
  readonly sourceFiles: SourceFiles;
  /** What a copy of it elsewhere is made from. */
  readonly mirrorSource: MirrorSource;
  readonly #database: Database;
  readonly #counts;

  constructor(database: Database) {
    this.#database = database;
    this.#counts = database.prepare<[], Counts>(
      `SELECT (SELECT count(*) FROM idea_lines WHERE shown = 1) AS ideas,
         (SELECT count(DISTINCT data_set) FROM data_versions) AS data_sets,
         (SELECT count(*) FROM models) AS models`,
    );
    this.ideas = new Ideas(database);
    this.ideaList = new IdeaList(database);
    this.runs = new Runs(database);
    this.steps = new Steps(database);
    this.artifacts = new Artifacts(database);
    this.dataVersions = new DataVersions(database);
    this.models = new Models(database);
    this.deployments = new Deployments(database);
    this.trials = new Trials(database);
    this.ledgerFiles = new LedgerFiles(database);
    this.loggedTrials = new LoggedTrials(database);
    this.events = new Events(database);
    this.sourceFiles = new SourceFiles(database);
    this.mirrorSource = new MirrorSource(database);
  }

  counts(): Counts {
    return this.#counts.get() ?? { ideas: 0, data_sets: 0, models: 0 };
  }

  /** Several writes as one, on the disk when this returns. */
  durable<T>(work: () => T): T {
    return this.#database.durable(work);
  }

  close(): void {
    this.#database.close();
  }
}

/** Opens, checks and migrates the index of a workspace; a new one is made when there is none. */
export function openProjectIndex({
  file,
  backups,
  migrations = join(import.meta.dirname, "migrations"),
  now = () => new Date(),
  onChange,
}: {
  file: string;
  backups: string;
  migrations?: string;
  now?: () => Date;
  /** Told of each write, by noun, perhaps before its transaction is whole: look a moment later. */
  onChange?: (noun: Noun) => void;
}): ProjectIndex {
  const database = new Database(file);
  try {
    migrate(database, readMigrations(migrations), { backups, now });
    if (onChange) announceChanges(database, onChange);
    return new ProjectIndex(database);
  } catch (error) {
    database.close();
    throw error;
  }
}
