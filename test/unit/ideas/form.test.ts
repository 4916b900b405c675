import { describe, expect, it } from "vitest";
import { ideaJsonSchema } from "../../../contract/idea.ts";
import { type Field, sectionsOf } from "../../../renderer/pages/ideas/new/fields.ts";

const sections = sectionsOf(ideaJsonSchema());
const all = sections.flatMap(({ fields }) => fields);
const field = (path: string): Field => {
  const found = all.find((one) => one.path.join(".") === path);
  if (!found) throw new Error(`The form has no field ${path}.`);
  return found;
};

describe("the form of an idea", () => {
  it("has an input for every key that an idea may have, but the format's version", () => {
    expect(all.filter(({ kind }) => kind === "other")).toEqual([]);
    expect(sections.map(({ key }) => key)).toEqual(
      expect.arrayContaining(["about", "universe", "target", "features", "automl", "backtest"]),
    );
    expect(all.map(({ path }) => path.join("."))).not.toContain("breadthflow");
    expect(all.every(({ title }) => /^[A-Z]/.test(title))).toBe(true);
  });

  it("knows of each field what may stand in it, and what holds where nothing does", () => {
    expect(field("target.kind")).toMatchObject({
      kind: "choice",
      required: true,
      options: expect.arrayContaining(["direction"]),
    });
    expect(field("target.horizon")).toMatchObject({ kind: "number", whole: true, unit: "bars" });
    expect(field("selection.max_correlation")).toMatchObject({
      kind: "number",
      whole: false,
      fallback: 0.95,
      required: false,
    });
    expect(field("automl.engines")).toMatchObject({ kind: "choices" });
    expect(field("validation.hold_out")).toMatchObject({
      kind: "choice",
      options: ["symbol", "sector"],
      required: false,
    });
    expect(field("validation.hold_out_parts")).toMatchObject({ kind: "number", minimum: 2 });
    expect(field("tags")).toMatchObject({ kind: "words" });
    expect(field("description")).toMatchObject({ kind: "long_text" });
    expect(field("features.add")).toMatchObject({
      kind: "records",
      fields: [{ path: ["name"] }, { path: ["expression"] }, { path: ["lookback"] }],
    });
  });
});
