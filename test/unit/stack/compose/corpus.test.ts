import { describe, expect, test } from "vitest";
import { canonical } from "../../../../main/stack/compose/canonical.ts";
import { loadPlan } from "../../../../main/stack/compose/load.ts";
import { corpus, expectedOf, loadOptions } from "../../../stack/support/corpus.ts";

// What docker compose printed for these files is kept beside them; the stack suite asks it again.
describe("the canonical form equals that of docker compose", () => {
  for (const one of corpus().filter(({ refused }) => !refused)) {
    test(one.name, () => {
      expect(canonical(loadPlan(loadOptions(one)))).toEqual(expectedOf(one));
    });
  }
});
