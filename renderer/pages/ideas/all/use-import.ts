import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { MAX_IDEA_CHARACTERS } from "../../../../contract/idea-limits.ts";
import { client, trpc } from "../../../app/api.ts";
import { problemIn, showProblem } from "../../../app/problems.ts";
import { draftKey, useDrafts } from "../new/draft.ts";

/**
 * Takes `.idea.yaml` files into the workspace. One that is not right yet is opened in the editor,
 * where its faults stand at their fields.
 */
export function useImport(): (files: readonly File[]) => Promise<void> {
  const workspace = useQuery(trpc.system.status.queryOptions()).data?.workspace ?? "";
  const { put } = useDrafts();
  const [, navigate] = useLocation();

  const takeIn = async (file: File, isOnly: boolean): Promise<void> => {
    const yaml = await textOf(file);
    if (yaml === null) {
      refuse(file, "It is not text, or far longer than an idea is.");
      return;
    }
    try {
      const { outcome, id, name } = await client.ideas.import.mutate({ yaml, file: file.name });
      notifications.show({
        message:
          outcome === "added"
            ? `Imported ${name} as ${id}.`
            : `${name} is there already, as ${id}; nothing was changed.`,
      });
    } catch (error) {
      const { code, detail } = problemIn(error);
      if (code !== "idea.invalid" && code !== "idea.taken") showProblem(error);
      else if (!isOnly) refuse(file, detail);
      else {
        put(draftKey(workspace, null), {
          origin: { from: "file", file: file.name },
          yaml,
          original: yaml,
        });
        navigate("~/ideas/new");
      }
    }
  };

  return async (files) => {
    for (const file of files) await takeIn(file, files.length === 1);
  };
}

async function textOf(file: File): Promise<string | null> {
  if (file.size > MAX_IDEA_CHARACTERS) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    return null;
  }
}

function refuse(file: File, why: string): void {
  notifications.show({
    color: "red",
    title: `${file.name.slice(0, 80)} was not imported.`,
    message: why.slice(0, 400),
    autoClose: 12_000,
  });
}
