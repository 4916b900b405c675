import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isEditedSince } from "../../../main/pipeline/edited-since.ts";
import { parseIdea } from "../../../main/pipeline/idea-document.ts";
import { Ideas } from "../../../main/pipeline/ideas.ts";
import { Templates } from "../../../main/pipeline/templates.ts";
import { fresh } from "./fixture.ts";

const IDEAS = join(import.meta.dirname, "../../../resources/ideas");
const TEXT = readFileSync(join(IDEAS, "volatility.idea.yaml"), "utf8");
const EDITED = TEXT.replace(/folds: \d+/, "folds: 3 # fewer, on a hunch");

it("an older run is tested again as it was, and leaves the idea as it has been edited since", async () => {
  const { pipeline, index, bars } = fresh();
  const idea = parseIdea(TEXT);
  const first = pipeline.start(idea, { data: [bars], yaml: TEXT });
  await first.done;
  index.ideas.save(parseIdea(EDITED), new Date(), EDITED);
  expect(isEditedSince(idea, index)).toBe(true);
  index.ideas.archive(idea.id, new Date());

  const again = pipeline.again(first.run);
  expect((await again.done).steps.every(({ cached }) => cached)).toBe(true);
  expect(index.runs.get(again.run)?.idea).toEqual(idea);
  expect(index.ideas.get(idea.id)).toMatchObject({ yaml: EDITED, archived: null });
});

it("a run of the idea as it is now keeps the text that a person wrote", async () => {
  const { pipeline, index, bars } = fresh();
  const idea = parseIdea(TEXT);
  const first = pipeline.start(idea, { data: [bars], yaml: TEXT });
  await first.done;
  await pipeline.again(first.run).done;
  expect(isEditedSince(idea, index)).toBe(false);
  expect(index.ideas.get(idea.id)?.yaml).toBe(TEXT);
});

it("the demo idea stands on the demo data, whatever was imported", async () => {
  const { pipeline, index, workspace, bars } = fresh();
  const ideas = new Ideas({ index, workspace, templates: new Templates(IDEAS) });
  await pipeline.importData(parseIdea(TEXT).universe.data, [bars]);
  const { data, yaml } = await ideas.demo();
  expect(data).toBe("demo");
  expect(parseIdea(yaml).universe.data).toBe("demo");
});
