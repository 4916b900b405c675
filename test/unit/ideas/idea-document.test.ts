import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { lineOfField, readIdea } from "../../../contract/idea-document.ts";

const IDEAS = join(import.meta.dirname, "../../../resources/ideas");
const valid = await readFile(join(IDEAS, "volatility.idea.yaml"), "utf8");

/** Faults as people read them: field, message, line. */
const faultsIn = (text: string) =>
  readIdea(text).faults.map(({ path, message, line }) => [path.join("."), message, line]);

const lineOf = (text: string, part: string) =>
  text.split("\n").findIndex((line) => line.includes(part)) + 1;

describe("an idea's document", () => {
  it("is an idea where nothing is wrong with it", () => {
    const { idea, faults } = readIdea(valid);
    expect(faults).toEqual([]);
    expect(idea?.target).toEqual({ kind: "log_realised_volatility", horizon: 5 });
  });

  it("tells all its faults at once, each with its field and its line", () => {
    const text = valid
      .replace("id: volatility", "id: Not A Name")
      .replace("horizon: 5", "horizon: five")
      .replace("trials: 24", "trials: 0")
      .replace("folds: 6", "folds: 2.5\n  colour: red")
      .replace("strategy: inverse_volatility", "strategy: hope");
    const faults = faultsIn(text);
    expect(faults).toContainEqual([
      "id",
      expect.stringContaining("small letters"),
      lineOf(text, "id:"),
    ]);
    expect(faults).toContainEqual(["target.horizon", "must be a number", lineOf(text, "horizon:")]);
    expect(faults).toContainEqual(["automl.trials", "must be at least 1", lineOf(text, "trials:")]);
    expect(faults).toContainEqual([
      "validation.folds",
      "must be a whole number",
      lineOf(text, "folds:"),
    ]);
    expect(faults).toContainEqual([
      "validation.colour",
      "is not a known key",
      lineOf(text, "colour:"),
    ]);
    expect(faults.map(([path]) => path)).toContain("backtest.strategy");
    expect(faults).toHaveLength(6);
  });

  it("says which field is missing, at the group that it belongs to", () => {
    const text = valid.replace(/^ {2}horizon: 5\n/m, "");
    expect(faultsIn(text)).toEqual([["target.horizon", "is missing", lineOf(text, "target:")]]);
  });

  it("says what cannot stand together", () => {
    const text = valid
      .replace("kind: log_realised_volatility", "kind: direction")
      .replace("calendar: XNYS", "calendar: XNYS\n  from: 2017-01-01\n  to: 2016-01-01");
    expect(faultsIn(text).map(([path]) => path)).toEqual(["backtest.strategy", "universe.to"]);
    expect(readIdea(text).idea).toBeNull();
  });

  it("holds symbols out of a walk-forward, and says why not of recombined histories", () => {
    const asked = (more: string) => valid.replace("folds: 6", `folds: 6\n  hold_out: ${more}`);
    expect(readIdea(asked("sector\n  hold_out_parts: 4")).idea?.validation).toMatchObject({
      hold_out: "sector",
      hold_out_parts: 4,
    });
    expect(readIdea(valid).idea?.validation).not.toHaveProperty("hold_out");
    const recombined = asked("symbol").replace("scheme: expanding", "scheme: cpcv");
    expect(faultsIn(recombined)).toEqual([
      [
        "validation.hold_out",
        expect.stringContaining("schemes expanding"),
        lineOf(recombined, "hold_out"),
      ],
    ]);
    expect(faultsIn(asked("country")).map(([path]) => path)).toEqual(["validation.hold_out"]);
    expect(faultsIn(asked("symbol\n  hold_out_parts: 1")).map(([path]) => path)).toEqual([
      "validation.hold_out_parts",
    ]);
  });

  it("takes names of any script, up to their length", () => {
    const named = (name: string) => valid.replace(/^name: .*$/m, `name: ${JSON.stringify(name)}`);
    expect(readIdea(named("فكرة 📈 <img onerror=alert(1)>")).idea?.name).toBe(
      "فكرة 📈 <img onerror=alert(1)>",
    );
    expect(faultsIn(named("x".repeat(300)))).toEqual([
      ["name", "must have at most 120 characters", lineOf(valid, "name:")],
    ]);
  });

  it("does not expand a bomb, and says why", () => {
    const level = (name: string, of: string) => `${name}: &${name} [${`*${of}, `.repeat(9)}*${of}]`;
    const bomb = ["a: &a [x, x, x]", level("b", "a"), level("c", "b"), level("d", "c")].join("\n");
    expect(faultsIn(bomb)).toEqual([["", expect.stringContaining("cannot be expanded"), null]]);
  });

  it.each([
    ["", "must be a group of keys"],
    ["- 1", "must be a group of keys"],
    ["a: [1", "is not YAML"],
    [`name: ${"x".repeat(300_000)}`, "is larger than 256 kB"],
  ])("is refused with a sentence where it is %.12j", (text, message) => {
    expect(faultsIn(text)).toEqual(
      [["", expect.stringContaining(message), expect.anything()]].map(([path, said]) => [
        path,
        said,
        message === "is not YAML" ? 1 : null,
      ]),
    );
  });

  it("knows the line of a field, or of what is around it", () => {
    expect(lineOfField(valid, ["universe", "data"])).toBe(lineOf(valid, "data:"));
    expect(lineOfField(valid, ["gates", "min_lift"])).toBeNull();
    expect(lineOfField(valid, ["universe", "from"])).toBe(lineOf(valid, "universe:"));
  });
});
