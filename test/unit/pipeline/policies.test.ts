import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { GATE_NAMES, GATE_TERMS } from "../../../contract/gate-policy.ts";
import { Idea } from "../../../contract/idea.ts";
import { problemOf } from "../../../contract/problem.ts";
import { Policies } from "../../../main/pipeline/policies.ts";
import { folder, fresh, idea } from "./fixture.ts";
import { SHIPPED } from "./opened.ts";

/** The policies of a workspace that has these documents, by name. */
function policies(documents: Record<string, string> = {}): Policies {
  const own = join(folder(), "policies");
  mkdirSync(own);
  for (const [name, text] of Object.entries(documents)) {
    writeFileSync(join(own, `${name}.policy.yaml`), text);
  }
  return new Policies(SHIPPED, own);
}

function problem(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return problemOf(error);
  }
  return expect.unreachable("it should have been refused");
}

const STRICTER = `
breadthflow_policy: 1
name: desk
based_on: paper
gates:
  capacity: { threshold: 10, decides: true, why: The desk has more money. }
  regimes: { threshold: 0.5, decides: false }
`;

describe("the shipped policies", () => {
  it.each(["research", "paper", "live"])("%s asks every gate, and says why", (name) => {
    const { gates } = policies().get(name);
    expect(Object.keys(gates).sort()).toEqual([...GATE_NAMES].sort());
    for (const gate of GATE_NAMES) expect(gates[gate]?.why, gate).toMatch(/\w.*\.$/);
  });

  it("grow stricter from research over paper to live, and none asks less than the one before", () => {
    const all = policies();
    const steps = ["research", "paper", "live"].map((name) => all.of({ policy: name }));
    for (const [at, later] of steps.slice(1).entries()) {
      const before = steps[at];
      for (const name of GATE_NAMES) {
        const least = before?.[name].threshold ?? Number.NaN;
        // Of overfitting less is better; of everything else more.
        const stricter =
          name === "overfitting" ? least - later[name].threshold : later[name].threshold - least;
        expect(stricter, `${name} of ${later.policy}`).toBeGreaterThanOrEqual(0);
        if (before?.[name].decides) expect(later[name].decides, name).toBe(true);
      }
      expect(later).not.toEqual({ ...before, policy: later.policy });
    }
  });

  it("cannot be replaced by a file of their name", () => {
    const all = policies({ live: STRICTER.replace("name: desk", "name: live") });
    expect(all.get("live").gates.capacity?.threshold).toBe(3);
    expect(all.names()).toEqual(["research", "paper", "live"]);
  });
});

describe("a policy of one's own", () => {
  it("takes what it does not say from the one that it is based on", () => {
    const all = policies({ desk: STRICTER });
    expect(all.names()).toEqual(["research", "paper", "live", "desk"]);
    const found = all.of({ policy: "desk" });
    expect(found).toEqual({
      ...all.of({ policy: "paper" }),
      policy: "desk",
      capacity: { threshold: 10, decides: true },
      regimes: { threshold: 0.5, decides: false },
    });
  });

  it("needs every gate where it is based on none", () => {
    const alone = STRICTER.replace("based_on: paper\n", "");
    const { code, detail } = problem(() => policies({ desk: alone }).get("desk"));
    expect(code).toBe("policy.invalid");
    expect(detail).toContain("gates.lift");
    expect(detail).toContain("there is no based_on to take it from");
  });

  it.each([
    [
      "a threshold out of range",
      STRICTER.replace("threshold: 0.5", "threshold: 1.5"),
      "gates.regimes.threshold",
    ],
    ["a gate that there is not", STRICTER.replace("capacity:", "capacities:"), "gates"],
    ["no decision", STRICTER.replace(", decides: false", ""), "gates.regimes.decides"],
    ["a base of its own making", STRICTER.replace("based_on: paper", "based_on: desk"), "based_on"],
    ["another name than its file", STRICTER.replace("name: desk", "name: other"), "name"],
    ["no YAML", "gates: [", ""],
  ])("with %s is refused, and where is told", (_, text, field) => {
    const { code, hint, where } = problem(() => policies({ desk: text }).get("desk"));
    expect(code).toBe("policy.invalid");
    expect(hint).toContain("ideas policy research");
    const fields = (where as { fields: string[] }).fields;
    expect(fields.some((one) => one === field || field === "" || one.startsWith(`${field}.`))).toBe(
      true,
    );
  });

  it("that nobody wrote is unknown, and the known ones are named", () => {
    const { code, hint } = problem(() => policies({ desk: STRICTER }).of({ policy: "dask" }));
    expect(code).toBe("policy.unknown");
    expect(hint).toContain("research, paper, live, desk");
  });
});

describe("what an idea changes", () => {
  it("is laid over its policy, and the policy's name tells of it", () => {
    const changed = policies().of({
      policy: "research",
      min_lift: 0.02,
      decide: ["capacity"],
      tell: ["deflated_sharpe"],
    });
    expect(changed).toEqual({
      ...policies().of({ policy: "research" }),
      policy: "research, with its own lift, deflated_sharpe, capacity",
      lift: { threshold: 0.02, decides: true },
      capacity: { threshold: 1, decides: true },
      deflated_sharpe: { threshold: 0.95, decides: false },
    });
  });

  it("that says what the policy says already changes nothing", () => {
    const same = policies().of({ policy: "research", min_lift: 0.005, decide: ["lift"], tell: [] });
    expect(same).toEqual(policies().of({ policy: "research" }));
  });

  it.each(GATE_NAMES)("must be in the range of %s", (name) => {
    const { key, range } = GATE_TERMS[name];
    const [least, most] = range;
    const read = (value: number) =>
      Idea.safeParse({ ...idea(), gates: { policy: "research", [key]: value } }).success;
    expect([least, most].map(read)).toEqual([true, true]);
    expect([least - 0.001, most + 0.001, Number.NaN].map(read)).toEqual([false, false, false]);
  });

  it("cannot let a gate decide and only tell it", () => {
    const gates = { policy: "research", decide: ["capacity"], tell: ["capacity"] };
    expect(Idea.safeParse({ ...idea(), gates }).success).toBe(false);
  });
});

it("the judge is given the policy of the idea, complete, and a changed one judges again", async () => {
  const { pipeline, engine, workspace, bars } = fresh();
  mkdirSync(workspace.policies, { recursive: true });
  const file = join(workspace.policies, "desk.policy.yaml");
  writeFileSync(file, STRICTER);
  const run = () => pipeline.start(idea({ gates: { policy: "desk" } }), { data: [bars] }).done;
  await run();
  await run();
  writeFileSync(file, STRICTER.replace("threshold: 10", "threshold: 20"));
  await run();
  const judged = engine.requests.filter(({ step }) => step === "judge");
  expect(judged.map(({ params }) => params.gates)).toMatchObject([
    { policy: "desk", capacity: { threshold: 10, decides: true }, lift: { threshold: 0.005 } },
    { policy: "desk", capacity: { threshold: 20, decides: true } },
  ]);
  expect(engine.done("train")).toBe(1);
});
