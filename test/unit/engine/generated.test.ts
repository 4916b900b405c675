import { expect, it } from "vitest";
import { filesOf, generatedToday } from "../support/generated-files.ts";
import { corePython } from "./trial-engine.ts";

it("the client's types are those that the engine's description gives today", () => {
  const python = { BREADTHFLOW_PYTHON: corePython() };
  const today = generatedToday("scripts/generate-engine-client.mjs", python);
  expect(Object.keys(today)).toContain("types.gen.ts");
  // If this fails: node scripts/generate-engine-client.mjs
  expect(filesOf("main/engine/generated")).toEqual(today);
});
