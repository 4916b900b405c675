import type { Idea } from "../../contract/idea.ts";
import { faultsTold, readIdea } from "../../contract/idea-document.ts";
import { WorkbenchError } from "../../contract/problem.ts";

/** The idea that an `idea.yaml` says; refused with all its faults where it is not valid. */
export function parseIdea(text: string, file = "idea.yaml"): Idea {
  const { idea, faults } = readIdea(text);
  if (idea) return idea;
  throw new WorkbenchError({
    code: "idea.invalid",
    detail: `${file} is not a valid idea: ${faultsTold(faults)}.`,
    hint: "`ideas new volatility` prints a valid idea, and `ideas templates --json` the schema that an editor can check against.",
    where: {
      file,
      line: faults[0]?.line ?? null,
      fields: faults.map(({ path }) => path.join(".")),
    },
  });
}
