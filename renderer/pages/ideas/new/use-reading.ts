import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type Fault,
  type IdeaReading,
  lineOfField,
  readIdea,
} from "../../../../contract/idea-document.ts";
import { IdeaId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";

/**
 * What a text says, and all that is wrong with it: by itself, and in this workspace.
 *
 * @param edited the idea that is edited, whose short name may of course be taken
 */
export function useReading(
  yaml: string,
  { dataSets, edited }: { dataSets: readonly string[]; edited: string | null },
): IdeaReading {
  const reading = useMemo(() => readIdea(yaml), [yaml]);
  const id = reading.idea?.id ?? "";
  const asks = id !== "" && id !== edited;
  const taken = useQuery(
    trpc.ideas.taken.queryOptions({ idea: IdeaId.parse(id || "none") }, { enabled: asks }),
  );
  const isTaken = asks && taken.data === true;
  return useMemo(() => {
    if (!reading.idea) return reading;
    const { data } = reading.idea.universe;
    const faults: Fault[] = [];
    if (isTaken) {
      const path = ["id"];
      const message = "is the short name of another idea in this workspace; choose another one";
      faults.push({ path, message, line: lineOfField(yaml, path) });
    }
    if (!dataSets.includes(data)) {
      const path = ["universe", "data"];
      const message = `names no data set of this workspace; there is ${dataSets.join(", ")}`;
      faults.push({ path, message, line: lineOfField(yaml, path) });
    }
    return faults.length > 0 ? { ...reading, idea: null, faults } : reading;
  }, [reading, yaml, isTaken, dataSets]);
}
