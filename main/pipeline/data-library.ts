import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { Quality, type Reading, type SourcePreview } from "../../contract/data.ts";
import type { ContentKey, DataSetName } from "../../contract/ids.ts";
import { ledgerCsv } from "../../contract/ledger.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { RunFinding } from "../../contract/run.ts";
import type { BarsPlace, ViewingClient } from "../engine/viewing-client.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { ArtifactRecord } from "../project-index/artifacts.ts";
import type { DataVersion } from "../project-index/data-versions.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { OutsideTrials } from "./outside-trials.ts";
import { expandSources } from "./sources.ts";

/** A folder of ten thousand files is read as its first ones are. */
const PREVIEWED = 8;
const DEFAULT_CALENDAR = "XNYS";

/** What an import said of itself, as far as screens show it. */
const ImportSummary = z.object({
  calendar: z.string().nullish(),
  columns: z.record(z.string(), z.string()),
  appended: z.int(),
  replaced: z.int(),
  unchanged: z.int(),
  duplicates: z.object({ rows: z.int() }),
  source_rows: z.int(),
  files: z.int(),
  has_attributes: z.boolean(),
});
const MadeOfBars = z.object({ made_by: z.object({ inputs: z.object({ bars: z.string() }) }) });
export type ImportSummary = z.infer<typeof ImportSummary>;

/** A version with what its import and its check said; null where they are not there any more. */
export type VersionView = DataVersion & {
  imported: ImportSummary | null;
  quality: Quality | null;
};

/** A data set in a list. */
export type DataSetLine = VersionView & {
  versions: number;
  trials: number;
  ideas: number;
};

/** What there is to see of data sets; `DataSets` is what changes them. */
export class DataLibrary {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  /** The version that each check was of; checks never change. */
  readonly #checked = new Map<ContentKey, string>();
  readonly #engine: ViewingClient;
  readonly #outside: OutsideTrials;

  constructor(options: {
    index: ProjectIndex;
    workspace: Workspace;
    engine: ViewingClient;
  }) {
    this.#index = options.index;
    this.#workspace = options.workspace;
    this.#engine = options.engine;
    this.#outside = new OutsideTrials(options.index, options.workspace.ledger);
  }

  /** The newest version of every data set, by name. */
  async sets(): Promise<DataSetLine[]> {
    this.#outside.takeIn();
    const newest = this.#index.dataVersions.list();
    if (newest.length === 0) return [];
    const checks = await this.#checks();
    const versions = this.#index.dataVersions.counts();
    const tried = this.#index.trials.tried();
    return newest.map((version) => ({
      ...this.#view(version, checks),
      versions: versions.get(version.name) ?? 0,
      ...(tried.get(version.name) ?? { trials: 0, ideas: 0 }),
    }));
  }

  /** All versions of a data set, the newest first. */
  async versions(name: DataSetName): Promise<VersionView[]> {
    const versions = this.#index.dataVersions.ofDataSet(name);
    if (versions.length === 0) throw unknownDataSet(name);
    const checks = await this.#checks();
    return versions.map((version) => this.#view(version, checks));
  }

  /** The ledger of a data set as CSV, to be taken away; trials on the same bars by other names too. */
  ledger(name: DataSetName): string {
    this.#outside.takeIn();
    return ledgerCsv(this.#index.trials.ofDataSet(name));
  }

  /** Enters trials that were made elsewhere; `events` is what `run-step --events` writes. */
  addTrials(name: DataSetName, events: string): { added: number; all: number } {
    if (this.#index.dataVersions.ofDataSet(name).length === 0) throw unknownDataSet(name);
    const before = this.#index.trials.count(name);
    this.#outside.add(name, events, new Date());
    const all = this.#index.trials.count(name);
    return { added: all - before, all };
  }

  /** The ledger's trials on a data set, by the idea that they were made for. */
  trials(name: DataSetName) {
    this.#outside.takeIn();
    return { all: this.#index.trials.count(name), by_idea: this.#index.trials.byIdea(name) };
  }

  /** The calendar by which a data set is checked. */
  calendar(name: DataSetName): string {
    const [newest] = this.#index.dataVersions.ofDataSet(name);
    if (!newest) throw unknownDataSet(name);
    return this.#imported(newest)?.calendar ?? DEFAULT_CALENDAR;
  }

  /** The findings of a check, the most severe first, and how many touch each day. */
  async findings(version: ContentKey, check: ContentKey) {
    const [findings, days] = await Promise.all([
      readArtifactFile(z.array(RunFinding), "findings.json", check, this.#index, this.#workspace),
      this.#engine.findingDays(this.#place(version, check)),
    ]);
    return { findings: findings ?? [], days };
  }

  symbols(version: ContentKey, check: ContentKey | null) {
    return this.#engine.symbols(this.#place(version, check));
  }

  prices(version: ContentKey, check: ContentKey | null, symbol: string) {
    return this.#engine.prices(this.#place(version, check), symbol);
  }

  difference(before: ContentKey, after: ContentKey) {
    const [left, right] = [this.#known(before), this.#known(after)];
    return this.#engine.difference(this.#table(right.name), left.version, right.version);
  }

  /** How sources would be understood, before anything is written. */
  async preview(paths: readonly string[], reading: Reading): Promise<SourcePreview> {
    const files = await expandSources(paths);
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    const { calendar: _, ...told } = reading;
    const shown = await this.#engine.preview(files.slice(0, PREVIEWED), told);
    return {
      files: shown.files,
      files_in_all: shown.files_in_all + Math.max(0, files.length - PREVIEWED),
      bytes_in_all: sizes.reduce((sum, size) => sum + size, 0),
    };
  }

  #view(version: DataVersion, checks: ReadonlyMap<string, ArtifactRecord>): VersionView {
    const check = checks.get(version.key);
    const quality = check && Quality.safeParse({ ...check.summary, key: check.key }).data;
    return { ...version, imported: this.#imported(version), quality: quality ?? null };
  }

  /** The newest check of each version, by whichever code and calendar it was made. */
  async #checks(): Promise<ReadonlyMap<string, ArtifactRecord>> {
    const newest = new Map<string, ArtifactRecord>();
    for (const check of this.#index.artifacts.ofStep("check")) {
      const bars = await this.#barsOf(check);
      if (bars !== null && !newest.has(bars)) newest.set(bars, check);
    }
    return newest;
  }

  /** Null where the artifact was removed from the cache, and with it what it was of. */
  async #barsOf(check: ArtifactRecord): Promise<string | null> {
    const known = this.#checked.get(check.key);
    if (known !== undefined) return known;
    const file = join(this.#workspace.root, ...check.path.split("/"), "manifest.json");
    const text = await readFile(file, "utf8").catch(() => null);
    const made = text === null ? null : MadeOfBars.safeParse(JSON.parse(text)).data;
    if (!made) return null;
    this.#checked.set(check.key, made.made_by.inputs.bars);
    return made.made_by.inputs.bars;
  }

  #imported(version: DataVersion): ImportSummary | null {
    const artifact = this.#index.artifacts.get(version.key);
    return (artifact && ImportSummary.safeParse(artifact.summary).data) ?? null;
  }

  #place(version: ContentKey, check: ContentKey | null): BarsPlace {
    const known = this.#known(version);
    const artifact = check && this.#index.artifacts.get(check);
    return {
      table: this.#table(known.name),
      version: known.version,
      check: artifact
        ? pathToFileURL(join(this.#workspace.root, ...artifact.path.split("/"))).href
        : null,
    };
  }

  #table(name: DataSetName): string {
    return pathToFileURL(join(this.#workspace.data, name)).href;
  }

  #known(key: ContentKey): DataVersion {
    const version = this.#index.dataVersions.get(key);
    if (version) return version;
    throw new WorkbenchError({
      code: "data.unknown_version",
      detail: "This version of the data set is not there any more.",
      hint: "Import its sources again.",
      where: { version: key },
    });
  }
}

function unknownDataSet(name: DataSetName): WorkbenchError {
  return new WorkbenchError({
    code: "data.unknown",
    detail: `There is no data set ${name} in this workspace.`,
    hint: "Import one on the screen Data, or with `data import NAME PATH`.",
    where: { data: name },
  });
}
