import { describe, expect, it } from "vitest";
import { canonicalJson, contentKey, sha256Of } from "../../../main/pipeline/content-key.ts";

describe("canonical JSON", () => {
  it("spells a value in one way, whatever the order of its keys", () => {
    expect(canonicalJson({ b: [1, "ü", null], a: { d: true, c: 0.1 } })).toBe(
      canonicalJson({ a: { c: 0.1, d: true }, b: [1, "ü", null] }),
    );
  });

  it("prints numbers as RFC 8785 does", () => {
    expect(canonicalJson([1e21, 1e-7, -0, Number("333333333.33333329"), 4.5, 2e-3])).toBe(
      "[1e+21,1e-7,0,333333333.3333333,4.5,0.002]",
    );
  });

  it("sorts keys by UTF-16 code units, as RFC 8785 does", () => {
    const keys = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6 };
    expect(Object.keys(JSON.parse(canonicalJson(keys)))).toHaveLength(6);
    expect(canonicalJson(keys)).toBe(
      '{"\\r":2,"1":4,"\u0080":6,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}',
    );
  });

  it("leaves out a key without a value", () => {
    expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, [undefined], new Date(0), 1n])(
    "refuses what JSON cannot say: %s",
    (value) => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    },
  );
});

describe("content key", () => {
  const work = {
    step: "train",
    version: "1",
    code: "abc",
    params: { trials: 24 },
    inputs: { bars: "k1", features: "k2" },
    seed: 7,
  };

  it("is the same on every machine and in every release", () => {
    expect(contentKey(work)).toBe(
      sha256Of(
        JSON.parse(
          '{"code":"abc","inputs":{"bars":"k1","features":"k2"},"params":{"trials":24},"seed":7,"step":"train","version":"1"}',
        ),
      ),
    );
    expect(contentKey(work)).toMatchInlineSnapshot(
      `"cd94566d5ecfd0765110fe39d8458f3b5da7e26726cc8db5f24b25d916a61844"`,
    );
  });

  it.each([
    { version: "2" },
    { code: "abd" },
    { params: { trials: 25 } },
    { inputs: { bars: "k1", features: "k3" } },
    { seed: 8 },
    { step: "select" },
  ])("changes with %o", (change) => {
    expect(contentKey({ ...work, ...change })).not.toBe(contentKey(work));
  });
});
