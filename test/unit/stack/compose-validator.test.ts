import { expect, it } from "vitest";
import { filesOf, generatedToday } from "../support/generated-files.ts";

it("the validator is the one that the specification's schema gives today", () => {
  const today = generatedToday("scripts/generate-compose-validator.mjs");
  expect(Object.keys(today)).toContain("compose-spec.cjs");
  // If this fails: node scripts/generate-compose-validator.mjs
  expect(filesOf("main/stack/compose/generated")).toEqual(today);
});
