import { expect, test } from "vitest";
import { ProgressText } from "../../../renderer/pages/stack/progress-text.ts";

test("steps are told by their service, and none that says nothing to a person", () => {
  const words = new ProgressText();
  expect(words.of({ kind: "step", step: "recreate", service: "engine" })).toBe("Replacing engine");
  expect(words.of({ kind: "step", step: "rename", service: "engine" })).toBeNull();
  expect(words.of({ kind: "build", service: "engine", line: "Step 2/7" })).toBe(
    "Building engine: Step 2/7",
  );
});

test("of a pull, the share of all its layers is told", () => {
  const words = new ProgressText();
  const pull = (image: string, layer: string, current: number, total: number) =>
    words.of({ kind: "pull", image, layer, current, total });
  expect(pull("postgres:17", "", 0, 0)).toBe("Pulling postgres:17");
  expect(pull("postgres:17", "a", 50, 100)).toBe("Pulling postgres:17 50 %");
  expect(pull("postgres:17", "b", 0, 100)).toBe("Pulling postgres:17 25 %");
  expect(pull("node:24", "a", 9, 10)).toBe("Pulling node:24 90 %");
});
