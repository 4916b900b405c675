import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Reading } from "../../contract/data.ts";
import type { ContentKey, DataSetName } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { DataVersion } from "../project-index/data-versions.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { type ArtifactMaker, capabilityOf, type Made, type Watcher } from "./artifact-maker.ts";
import { contentKey, sha256Of } from "./content-key.ts";
import { commitHash, hasVersion, newestVersion } from "./delta-log.ts";
import { DEMO_DATA } from "./demo-data.ts";
import { KeyedLock } from "./keyed-lock.ts";
import { expandSources, hashSources, type Sources } from "./sources.ts";
import type { Capabilities } from "./step-engine.ts";
import { ingestParams } from "./steps.ts";
import { IngestSummary, readSummary } from "./summaries.ts";

/** The bars that a run or a check stands on. */
export type Bars = Made & { readonly version: DataVersion };

/** Which state of a data set is meant. */
export type Wanted = {
  readonly name: DataSetName;
  /** Files, folders and globs to import first; null: the data set as it stands. */
  readonly sources: readonly string[] | null;
  /** How the sources are to be read, where they do not tell. */
  readonly reading?: Reading | undefined;
  /** The version that an earlier attempt of the same run stood on. */
  readonly pinned?: ContentKey | null;
};

/** Data sets and their versions: imports sources, or finds the version that is meant. */
export class DataSets {
  readonly #maker: ArtifactMaker;
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #now: () => Date;
  /** An import changes the data set's table, so that each has the table to itself. */
  readonly #importing = new KeyedLock();

  constructor(maker: ArtifactMaker, index: ProjectIndex, workspace: Workspace, now: () => Date) {
    this.#maker = maker;
    this.#index = index;
    this.#workspace = workspace;
    this.#now = now;
  }

  async obtain(wanted: Wanted, capabilities: Capabilities, watcher: Watcher): Promise<Bars> {
    return await this.#importing.hold(wanted.name, watcher.signal, async () => {
      const versions = await this.#standing(wanted.name);
      const pinned = versions.find(({ key }) => key === wanted.pinned);
      if (pinned && !wanted.sources) return await this.#existing(pinned, watcher);
      const ships = versions.length === 0 && wanted.name === DEMO_DATA.name;
      const given = wanted.sources ?? (ships ? [DEMO_DATA.folder] : null);
      if (given) {
        const files = await expandSources(given);
        const sources = await this.#read(files, watcher);
        return await this.#import(
          wanted,
          sources,
          { head: versions[0], pinned },
          capabilities,
          watcher,
        );
      }
      if (versions[0]) return await this.#existing(versions[0], watcher);
      throw new WorkbenchError({
        code: "data.unknown",
        detail: `There is no data set ${wanted.name} in this workspace.`,
        hint: `Import one with \`data import ${wanted.name} PATH\`, or run the idea with --data PATH.`,
        where: { data: wanted.name },
      });
    });
  }

  /** The data set's table. */
  #table(name: DataSetName): string {
    return join(this.#workspace.data, name);
  }

  /** The versions whose table still has them, newest first; the others are forgotten. */
  async #standing(name: DataSetName): Promise<DataVersion[]> {
    const standing: DataVersion[] = [];
    for (const version of this.#index.dataVersions.ofDataSet(name)) {
      if (await hasVersion(this.#table(name), version.version)) standing.push(version);
      else this.#index.dataVersions.remove(version.key);
    }
    return standing;
  }

  async #read(files: readonly string[], { signal, onStart, onEvent }: Watcher): Promise<Sources> {
    let told = -1;
    return await hashSources(files, this.#index.sourceFiles, {
      signal,
      onRead: (done, total) => {
        const percent = total === 0 ? 100 : Math.floor((100 * done) / total);
        if (percent < told + 5) return;
        if (told < 0) onStart();
        told = percent;
        onEvent({
          kind: "progress",
          fraction: 0,
          done,
          total,
          unit: "bytes",
          message: `Looking for changes in ${files.length === 1 ? "the source" : `${files.length} sources`}`,
        });
      },
    });
  }

  /**
   * Adds sources to a data set. An import merges, so its result rests on what was there: the key
   * names the version that it was added to. Importing what the newest version was made from adds
   * nothing, and is that version; so is what an earlier attempt of the same run imported.
   */
  async #import(
    { name, reading }: Wanted,
    sources: Sources,
    { head, pinned }: { head: DataVersion | undefined; pinned: DataVersion | undefined },
    capabilities: Capabilities,
    watcher: Watcher,
  ): Promise<Bars> {
    const { version, code } = capabilityOf(capabilities, "ingest");
    const params = ingestParams(name, reading);
    const request = sha256Of({ version, code, params, sources: sources.hash });
    const again = [pinned, head].find((candidate) => candidate?.request === request);
    const base = again ? again.base : await this.#base(name, head);
    const key = again
      ? again.key
      : contentKey({
          step: "ingest",
          version,
          code,
          params,
          inputs: { source: sources.hash, base },
          seed: null,
        });
    const made = await this.#maker.obtain(
      {
        step: "ingest",
        key,
        version,
        params,
        inputs: { source: sources.files },
        places: () => Promise.resolve({ table: pathToFileURL(this.#table(name)).href }),
        seed: null,
      },
      watcher,
    );
    const summary = readSummary(IngestSummary, made.manifest.summary, "ingest");
    const dataVersion: DataVersion = {
      key,
      name,
      version: summary.delta_version,
      request,
      source_hash: sources.hash,
      base,
      rows: summary.rows,
      symbols: summary.symbols,
      first: summary.first,
      last: summary.last,
      // Made again, a damaged version is as old as it was: its check rests on that day.
      created: again?.created ?? this.#now().toISOString(),
    };
    if (again && made.cached) return { ...made, version: again };
    this.#index.durable(() => this.#index.dataVersions.record(dataVersion));
    return { ...made, version: dataVersion };
  }

  /**
   * What stands for the table's present state in a key: the version that made it, or, where a
   * killed import committed rows that no version tells of, that very commit.
   */
  async #base(name: DataSetName, head: DataVersion | undefined): Promise<string | null> {
    const newest = await newestVersion(this.#table(name));
    if (newest === null) return null;
    if (head?.version === newest) return head.key;
    return await commitHash(this.#table(name), newest);
  }

  async #existing(version: DataVersion, watcher: Watcher): Promise<Bars> {
    const made = await this.#maker.find("ingest", version.key, watcher.signal);
    if (made) return { ...made, version };
    throw new WorkbenchError({
      code: "data.damaged",
      detail: `Version ${version.version} of data set ${version.name} is damaged.`,
      hint: `Import its sources again: \`data import ${version.name} PATH\`.`,
      where: { data: version.name, version: version.version },
    });
  }
}
