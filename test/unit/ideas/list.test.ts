import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Idea } from "../../../contract/idea.ts";
import { IdeaQuery } from "../../../contract/idea-list.ts";
import { IdeaId } from "../../../contract/ids.ts";
import { parseIdea } from "../../../main/pipeline/idea-document.ts";
import { Ideas } from "../../../main/pipeline/ideas.ts";
import { Templates } from "../../../main/pipeline/templates.ts";
import { fresh } from "../pipeline/fixture.ts";

const IDEAS = join(import.meta.dirname, "../../../resources/ideas");
const TEXT = readFileSync(join(IDEAS, "volatility.idea.yaml"), "utf8");
const base = parseIdea(TEXT);

function opened() {
  const { index, workspace, pipeline, bars } = fresh();
  const ideas = new Ideas({ index, workspace, templates: new Templates(IDEAS) });
  const page = async (query: Partial<IdeaQuery> = {}) => {
    const { total, rows } = await ideas.page(IdeaQuery.parse(query));
    return { total, ids: rows.map(({ id }) => id as string) };
  };
  return { index, ideas, pipeline, bars, page };
}

const idea = (id: string, changes: Partial<Idea> = {}): Idea => ({
  ...base,
  id: IdeaId.parse(id),
  ...changes,
});

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

describe("the list of ideas", () => {
  it("comes in pages, the newest first, and tells how many there are", async () => {
    const { index, page } = opened();
    for (let number = 0; number < 5; number++) index.ideas.save(idea(`n-${number}`), at(number));
    expect(await page({ limit: 2 })).toEqual({ total: 5, ids: ["n-4", "n-3"] });
    expect(await page({ limit: 2, offset: 4 })).toEqual({ total: 5, ids: ["n-0"] });
    expect(await page({ offset: 9 })).toEqual({ total: 5, ids: [] });
    const sort = { by: "name", descending: false } as const;
    index.ideas.save(idea("first", { name: "AAA" }), at(0));
    expect((await page({ sort, limit: 1 })).ids).toEqual(["first"]);
  });

  it("is narrowed by words, tags, data set and verdict", async () => {
    const { index, page } = opened();
    const universe = { ...base.universe, data: "crypto" as Idea["universe"]["data"] };
    index.ideas.save(idea("one", { name: "Momentum 100 %_x", tags: ["fast"] }), at(1));
    index.ideas.save(idea("two", { name: "Ümlaut", tags: ["slow", "fast"], universe }), at(2));
    expect((await page({ text: "MOMENTUM %_" })).ids).toEqual(["one"]);
    expect((await page({ text: "ümlaut two" })).ids).toEqual(["two"]);
    expect((await page({ tags: ["slow", "other"] })).ids).toEqual(["two"]);
    expect((await page({ data: ["crypto"] })).ids).toEqual(["two"]);
    expect((await page({ verdicts: ["none"] })).total).toBe(2);
    expect((await page({ verdicts: ["deploy"] })).total).toBe(0);
    expect(index.ideaList.facets()).toMatchObject({
      total: 2,
      tags: [
        { value: "fast", ideas: 2 },
        { value: "slow", ideas: 1 },
      ],
      verdicts: [{ value: "none", ideas: 2 }],
    });
  });

  it("shows what the newest judged run found, and how the newest run stands", async () => {
    const { index, ideas, pipeline, bars } = opened();
    const one = idea("one");
    const judged = pipeline.start(one, { data: [bars] });
    await judged.done;
    const cut = pipeline.start(one, { data: [`${bars}.missing`] });
    await cut.done;
    const { rows } = await ideas.page(IdeaQuery.parse({}));
    expect(rows[0]).toMatchObject({
      last: { run: cut.run, state: "failed" },
      judged: { run: judged.run, verdict: expect.stringMatching(/deploy|watch|reject/) },
    });
    expect(index.ideaList.facets().verdicts).toEqual([
      { value: rows[0]?.judged?.verdict, ideas: 1 },
    ]);
  });
});

describe("an idea's text", () => {
  it("is kept as it was written, until the document says something else", () => {
    const { index, ideas } = opened();
    const written = `# a word\n${TEXT}`;
    expect(ideas.import(written, "a.yaml")).toMatchObject({ outcome: "added", id: base.id });
    expect(ideas.import(written, "a.yaml")).toMatchObject({ outcome: "there_already" });
    expect(ideas.yaml(base.id).yaml).toBe(written);
    index.ideas.save(base, at(1), JSON.stringify(base));
    expect(ideas.yaml(base.id).yaml).toBe(written);
    index.ideas.save({ ...base, name: "Another" }, at(2));
    expect(parseIdea(ideas.yaml(base.id).yaml)).toMatchObject({ name: "Another" });
  });

  it("of another idea under the same short name is refused, and that idea stays", () => {
    const { ideas } = opened();
    ideas.import(TEXT, "a.yaml");
    expect(() => ideas.import(TEXT.replace("horizon: 5", "horizon: 6"), "b.yaml")).toThrow(
      /another idea with the short name volatility/,
    );
    expect(ideas.yaml(base.id).yaml).toBe(TEXT);
  });
});

describe("ideas", () => {
  it("are copied under a free name with their comments, and archived without loss", async () => {
    const { ideas, page } = opened();
    ideas.import(TEXT, "a.yaml");
    const copy = ideas.duplicate(base.id);
    expect(copy).toEqual({ id: "volatility-2", name: `${base.name} (copy)` });
    expect(ideas.duplicate(base.id).id).toBe("volatility-3");
    expect(ideas.yaml(copy.id).yaml).toContain("# Which shares will move most next week?");
    ideas.archive([copy.id], true);
    expect((await page()).ids).not.toContain(copy.id);
    expect((await page({ archived: true })).ids).toEqual([copy.id]);
    ideas.archive([copy.id], false);
    expect((await page()).ids).toContain(copy.id);
    expect(() => ideas.archive([IdeaId.parse("unknown")], true)).toThrow(/no idea unknown/);
  });

  it("come back into the list when they are tested again", async () => {
    const { ideas, pipeline, bars, page } = opened();
    ideas.import(TEXT, "a.yaml");
    ideas.archive([base.id], true);
    await pipeline.start(base, { data: [bars] }).done;
    expect((await page()).ids).toEqual([base.id]);
  });
});

describe("the templates that ship", () => {
  it("are whole ideas, each with a name of its own and a word about where it comes from", async () => {
    const templates = await new Templates(IDEAS).list();
    expect(templates.length).toBeGreaterThanOrEqual(6);
    expect(new Set(templates.map(({ idea }) => idea.id)).size).toBe(templates.length);
    expect(new Set(templates.map(({ name }) => name)).size).toBe(templates.length);
    for (const { template, idea, description } of templates) {
      expect(idea.id).toBe(template.replaceAll("_", "-"));
      expect(description.length).toBeGreaterThan(60);
      // A label's span must not reach into the next training period.
      expect(idea.validation.embargo).toBeGreaterThanOrEqual(idea.target.horizon);
    }
  });
});

describe("suggestions", () => {
  it("stand on the demo data where there are none, under names that are free", async () => {
    const { ideas } = opened();
    ideas.import(TEXT, "a.yaml");
    const { suggestions, data } = await ideas.suggestions();
    expect(data).toEqual(["demo"]);
    expect(suggestions[0]).toMatchObject({ template: "volatility", data: "demo", unfit: null });
    expect(parseIdea(suggestions[0]?.yaml ?? "")).toMatchObject({
      id: "volatility-2",
      universe: { data: "demo" },
    });
  });

  it("stand on the newest data set, and say what is in their way there", async () => {
    const { index, ideas } = opened();
    const version = {
      key: "0".repeat(64),
      name: "few",
      version: 0,
      request: "",
      source_hash: "",
      base: null,
      rows: 100,
      symbols: 6,
      first: "2010-01-04",
      last: "2020-01-03",
      created: at(1).toISOString(),
    };
    index.dataVersions.record(version as Parameters<typeof index.dataVersions.record>[0]);
    const { suggestions, data } = await ideas.suggestions();
    expect(data).toEqual(["few", "demo"]);
    expect(suggestions[0]).toMatchObject({ template: "volatility", data: "few", unfit: null });
    expect(suggestions.find(({ template }) => template === "reversal")?.unfit).toBe(
      "Needs 30 symbols or more; few has 6.",
    );
  });
});
