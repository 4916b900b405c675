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
import type { ListedIdea } from "../project-index/idea-list.ts";
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

/** Points of the small picture of an equity curve, and digits of each: more cannot be seen. */
const CARD_POINTS = 60;
const CARD_DIGITS = 4;

/** What people do with ideas apart from testing them: look through, begin, bring in, put away. */
export class Ideas {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #templates: Templates;
  readonly #now: () => Date;
  /** Judge artifacts whose picture cannot be read, so that no list tries them again. */
  readonly #pictureless = new Set<ContentKey>();

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
    const pictures = await this.#newPictures(rows);
    const cards = rows.map(({ judgement, equity, ...row }): IdeaCard => {
      return { ...row, equity: equity ?? (judgement && pictures.get(judgement)) ?? [] };
    });
    return { total, rows: cards };
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
    const suggestions = suggest(templates, newest ?? null).map((one) => this.#filledIn(one));
    return { suggestions, data: [...new Set([...data.map(({ name }) => name), DEMO_DATA.name])] };
  }

  /** The idea to begin with on the data that ship with the product. */
  async demo(): Promise<Suggestion> {
    const [first] = suggest(await this.#templates.list(), null);
    if (first) return this.#filledIn(first);
    throw new WorkbenchError({
      code: "idea.no_template",
      detail: "The product's folder has no template of an idea.",
      hint: "Install the workbench anew, or write an idea of your own.",
    });
  }

  #filledIn({ id, ...suggestion }: Suggestion & { id: IdeaId }): Suggestion {
    const names = { id: this.#index.ideas.freeId(id), data: suggestion.data };
    return { ...suggestion, yaml: rewritten(suggestion.yaml, names) };
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

  /** The pictures that no list has shown yet, read once and kept in the index. */
  async #newPictures(rows: readonly ListedIdea[]): Promise<ReadonlyMap<ContentKey, number[]>> {
    const pictures = new Map<ContentKey, number[]>();
    const unread = rows.flatMap(({ judgement, equity }) =>
      judgement && equity === null && !this.#pictureless.has(judgement) ? [judgement] : [],
    );
    for (const judgement of unread) {
      // A list opens whatever has happened to one artifact; the run's own page says what is wrong.
      const charts = await this.#charts(judgement).catch(() => null);
      if (charts) pictures.set(judgement, picture(charts));
      else this.#pictureless.add(judgement);
    }
    if (pictures.size > 0) this.#index.ideaList.keepPictures(pictures);
    return pictures;
  }

  #known(id: IdeaId): IdeaRecord {
    const record = this.#index.ideas.get(id);
    if (record) return record;
    throw new WorkbenchError({
      code: "idea.unknown",
      detail: `There is no idea ${id} in this workspace.`,
      hint: "`ideas` lists them.",
      where: { idea: id },
    });
  }
}

/** Every so-manieth point of the net equity, the first and the last always among them. */
function picture({ equity }: Charts): number[] {
  const values = equity.equity.filter((value) => value !== null);
  const points = Math.min(values.length, CARD_POINTS);
  const step = (values.length - 1) / Math.max(1, points - 1);
  return Array.from({ length: points }, (_, at) =>
    Number((values[Math.round(at * step)] as number).toPrecision(CARD_DIGITS)),
  );
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
