import { isMap, parseDocument, stringify } from "yaml";
import { Charts } from "../../contract/artifacts.ts";
import type { Idea } from "../../contract/idea.ts";
import type {
  ComparedRun,
  IdeaCard,
  IdeaImport,
  IdeaPage,
  IdeaQuery,
  Suggestion,
} from "../../contract/idea-list.ts";
import type { ContentKey, DataSetName, IdeaId, RunId } from "../../contract/ids.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { readArtifactFile } from "../project-index/artifact-file.ts";
import type { IdeaRecord } from "../project-index/ideas.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { DEMO_DATA } from "./demo-data.ts";
import { parseIdea } from "./idea-document.ts";
import { assembleResult, finishedKeys } from "./run-result.ts";
import { suggest } from "./suggestions.ts";
import type { Templates } from "./templates.ts";

/** As people write YAML: `[a, b]`, and lines that fit a screen. */
const STYLE = { lineWidth: 100, flowCollectionPadding: false } as const;

/** Points of the small picture of an equity curve. */
const CARD_POINTS = 60;
/** Pictures that are kept in memory: a few screens full. */
const CARDS_KEPT = 1000;

/** What people do with ideas apart from testing them: look through, begin, bring in, put away. */
export class Ideas {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #templates: Templates;
  readonly #now: () => Date;
  /** By judge artifact, which never changes. */
  readonly #pictures = new Map<ContentKey, number[]>();

  constructor(options: {
    index: ProjectIndex;
    workspace: Workspace;
    templates: Templates;
    now?: () => Date;
  }) {
    this.#index = options.index;
    this.#workspace = options.workspace;
    this.#templates = options.templates;
    this.#now = options.now ?? (() => new Date());
  }

  async page(query: IdeaQuery): Promise<IdeaPage> {
    const { total, rows } = this.#index.ideaList.page(query);
    const cards = rows.map(async ({ judgement, ...row }): Promise<IdeaCard> => {
      return { ...row, equity: judgement ? await this.#picture(judgement) : [] };
    });
    return { total, rows: await Promise.all(cards) };
  }

  /**
   * Ideas to start from, filled in for the data set that was imported last, or for the demo data
   * where there is none; the best-fitting one is the first. With them the data sets that an idea
   * may name.
   */
  async suggestions(): Promise<{ suggestions: Suggestion[]; data: DataSetName[] }> {
    const data = this.#index.dataVersions.list();
    const newest = data.toSorted((a, b) => b.created.localeCompare(a.created))[0];
    const templates = await this.#templates.list();
    const suggestions = suggest(templates, newest ?? null).map(({ id, ...suggestion }) => {
      const names = { id: this.#index.ideas.freeId(id), data: suggestion.data };
      return { ...suggestion, yaml: rewritten(suggestion.yaml, names) };
    });
    return { suggestions, data: [...new Set([...data.map(({ name }) => name), DEMO_DATA.name])] };
  }

  /** The idea's document as text: as a person wrote it, or else written out. */
  yaml(id: IdeaId): { id: IdeaId; name: string; yaml: string } {
    const { name, idea, yaml } = this.#known(id);
    return { id, name, yaml: yaml ?? writtenOut(idea) };
  }

  /** Takes in a document; the same one again is not a new idea. */
  import(yaml: string, file: string): IdeaImport {
    const idea = parseIdea(yaml, file);
    const present = this.#index.ideas.get(idea.id);
    if (present && JSON.stringify(present.idea) !== JSON.stringify(idea)) {
      throw new WorkbenchError({
        code: "idea.taken",
        detail: `There is another idea with the short name ${idea.id} in this workspace.`,
        hint: `Change the id of ${file}, or edit the idea that is there.`,
        where: { file, idea: idea.id, fields: ["id"] },
      });
    }
    this.#index.durable(() => this.#index.ideas.save(idea, this.#now(), yaml));
    const outcome = present ? "there_already" : "added";
    return { outcome, id: idea.id, name: idea.name };
  }

  /** A copy under a free short name, without the original's runs. */
  duplicate(id: IdeaId): { id: IdeaId; name: string } {
    const { name, idea, yaml } = this.#known(id);
    const copy = this.#index.ideas.freeId(id);
    const text = rewritten(yaml ?? writtenOut(idea), { id: copy, name: copyName(name) });
    const parsed = parseIdea(text);
    this.#index.durable(() => this.#index.ideas.save(parsed, this.#now(), text));
    return { id: parsed.id, name: parsed.name };
  }

  /** Puts ideas out of sight or, with `archived: false`, back. Runs and models stay as they are. */
  archive(ids: readonly IdeaId[], archived: boolean): void {
    const at = archived ? this.#now() : null;
    for (const id of ids) this.#known(id);
    this.#index.durable(() => {
      for (const id of ids) this.#index.ideas.archive(id, at);
    });
  }

  /** Runs beside each other: the idea as each stood on it, and what came out. */
  async compare(runs: readonly RunId[]): Promise<ComparedRun[]> {
    return await Promise.all(runs.map((run) => this.#compared(run)));
  }

  async #compared(run: RunId): Promise<ComparedRun> {
    const record = this.#index.runs.get(run);
    if (!record) {
      throw new WorkbenchError({
        code: "run.unknown",
        detail: `There is no run ${run} in this workspace.`,
        hint: "Choose the ideas to compare in the list again.",
        where: { run },
      });
    }
    const result = await assembleResult(record, this.#index, this.#workspace, this.#now());
    const keys = finishedKeys(this.#index.steps.ofRun(run));
    const charts = await this.#charts(keys.get("judge"));
    const backtest = keys.get("backtest");
    return {
      run,
      idea: record.idea,
      state: result.state,
      started: result.started,
      seconds: result.seconds,
      data: result.data,
      verdict: result.verdict,
      summary: result.summary,
      metrics: result.metrics,
      backtest: (backtest && this.#index.artifacts.get(backtest)?.summary) ?? null,
      equity: charts && { date: charts.equity.date, equity: charts.equity.equity },
    };
  }

  #charts(judgement: ContentKey | undefined): Promise<Charts | null> {
    return readArtifactFile(Charts, "charts.json", judgement, this.#index, this.#workspace);
  }

  async #picture(judgement: ContentKey): Promise<number[]> {
    const kept = this.#pictures.get(judgement);
    if (kept) return kept;
    // A list opens whatever has happened to one artifact; the run's own page says what is wrong.
    const charts = await this.#charts(judgement).catch(() => null);
    const picture = thinned((charts?.equity.equity ?? []).filter((value) => value !== null));
    if (this.#pictures.size >= CARDS_KEPT) this.#pictures.clear();
    this.#pictures.set(judgement, picture);
    return picture;
  }

  #known(id: IdeaId): IdeaRecord {
    const record = this.#index.ideas.get(id);
    if (record) return record;
    throw new WorkbenchError({
      code: "idea.unknown",
      detail: `There is no idea ${id} in this workspace.`,
      hint: "`breadthflow ideas` lists them.",
      where: { idea: id },
    });
  }
}

/** Every so-manieth point, the first and the last always among them. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= CARD_POINTS) return [...values];
  const step = (values.length - 1) / (CARD_POINTS - 1);
  return Array.from({ length: CARD_POINTS }, (_, at) => values[Math.round(at * step)] as number);
}

/** The same text with other names in it; comments and order stay. */
function rewritten(yaml: string, names: { id: IdeaId; name?: string; data?: DataSetName }): string {
  const document = parseDocument(yaml);
  if (!isMap(document.contents)) return yaml;
  document.setIn(["id"], names.id);
  if (names.name !== undefined) document.setIn(["name"], names.name);
  if (names.data !== undefined) document.setIn(["universe", "data"], names.data);
  return document.toString(STYLE);
}

function writtenOut(idea: Idea): string {
  return stringify(idea, STYLE);
}

function copyName(name: string): string {
  const suffix = " (copy)";
  return name.endsWith(suffix) ? name : `${[...name].slice(0, 110).join("")}${suffix}`;
}
