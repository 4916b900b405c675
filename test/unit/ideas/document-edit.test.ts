import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withField } from "../../../renderer/pages/ideas/new/document-edit.ts";
import { changeBetween } from "../../../renderer/pages/ideas/new/text-change.ts";

const TEXT = `# What this is about
name: An idea # for now
tags: [a, b]

target:
  kind: direction # up or down
  horizon: 5
gates:
  min_lift: 0.01
`;

describe("an edit of one field", () => {
  it("changes its value and no comment, order or blank line", () => {
    expect(withField(TEXT, ["target", "horizon"], 10)).toBe(
      TEXT.replace("horizon: 5", "horizon: 10"),
    );
    expect(withField(TEXT, ["target", "kind"], "forward_return")).toBe(
      TEXT.replace("kind: direction", "kind: forward_return"),
    );
    expect(withField(TEXT, ["tags"], ["a", "b", "c"])).toBe(TEXT.replace("[a, b]", "[a, b, c]"));
  });

  it("makes the groups that are not there yet", () => {
    const text = withField(TEXT, ["automl", "trials"], 12);
    expect(parse(text)).toMatchObject({ automl: { trials: 12 }, target: { horizon: 5 } });
    expect(text).toContain("# up or down");
    expect(parse(withField("", ["target", "horizon"], 5))).toEqual({ target: { horizon: 5 } });
  });

  it("takes a field out, and the group that it leaves empty", () => {
    expect(parse(withField(TEXT, ["gates", "min_lift"], undefined))).not.toHaveProperty("gates");
    expect(parse(withField(TEXT, ["target", "horizon"], undefined)).target).toEqual({
      kind: "direction",
    });
    expect(withField(TEXT, ["gates", "min_net_sharpe"], undefined)).toBe(TEXT);
  });

  it("writes entries with keys of their own line by line", () => {
    const feature = { name: "f", expression: "close - open", lookback: 1 };
    const text = withField(TEXT, ["features", "add"], [feature]);
    expect(text).toContain("add:\n    - name: f\n      expression: close - open");
    expect(parse(withField(text, ["features", "add", 0, "lookback"], 2)).features.add).toEqual([
      { ...feature, lookback: 2 },
    ]);
  });

  it("keeps text that would be read as something else in quotes", () => {
    for (const name of ["yes: no", "# not a comment", "- x", "1e3", "null", "‮rtl 📈"]) {
      expect(parse(withField(TEXT, ["name"], name)).name).toBe(name);
    }
  });

  it("leaves a text alone that is not YAML", () => {
    expect(withField("a: [1", ["a"], 2)).toBe("a: [1");
  });
});

describe("the change between two texts", () => {
  it.each([
    ["abc", "abXc"],
    ["abc", "ac"],
    ["aaa", "aa"],
    ["", "new"],
    ["old", ""],
    ["one\ntwo\nthree", "one\n2\nthree"],
  ])("turns %j into %j", (before, after) => {
    const change = changeBetween(before, after);
    expect(change).not.toBeNull();
    if (!change) return;
    expect(before.slice(0, change.from) + change.insert + before.slice(change.to)).toBe(after);
  });

  it("is none between equal texts, and touches only what differs", () => {
    expect(changeBetween("same", "same")).toBeNull();
    expect(changeBetween("horizon: 5\nend", "horizon: 10\nend")).toEqual({
      from: 9,
      to: 10,
      insert: "10",
    });
  });
});
