import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { IdeaRow } from "../../../../contract/idea-list.ts";
import { client } from "../../../app/api.ts";
import { showProblem } from "../../../app/problems.ts";
import { saveFile } from "../../../parts/save-file.ts";

type Named = Pick<IdeaRow, "id" | "name">;

/** How long an action can be taken back at the place where it is told. */
const UNDO_MS = 10_000;

/** Each says what it did; what puts something out of sight can be undone there. */
export function useIdeaActions() {
  const archive = async (ideas: readonly Named[], archived: boolean): Promise<void> => {
    await client.ideas.archive.mutate({ ideas: ideas.map(({ id }) => id), archived });
    const [first] = ideas;
    const what = ideas.length === 1 ? (first?.name ?? "") : `${ideas.length} ideas`;
    tell(archived ? `Archived ${what}.` : `Brought back ${what}.`, () => archive(ideas, !archived));
  };
  const duplicate = async ({ id, name }: Named): Promise<void> => {
    const copy = await client.ideas.duplicate.mutate({ idea: id });
    tell(`Duplicated ${name} as ${copy.id}.`, () => archive([copy], true));
  };
  const exportYaml = async ({ id }: Named): Promise<void> => {
    const { yaml } = await client.ideas.yaml.query({ idea: id });
    saveFile(`${id}.idea.yaml`, yaml, "application/yaml");
  };
  return {
    archive: (ideas: readonly Named[], archived: boolean) =>
      void archive(ideas, archived).catch(showProblem),
    duplicate: (idea: Named) => void duplicate(idea).catch(showProblem),
    exportYaml: (idea: Named) => void exportYaml(idea).catch(showProblem),
  };
}

function tell(message: string, undo: () => Promise<void>): void {
  const id = notifications.show({
    autoClose: UNDO_MS,
    message: (
      <Group gap="sm" justify="space-between" wrap="nowrap">
        <span style={{ overflowWrap: "anywhere" }}>{message}</span>
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => {
            notifications.hide(id);
            undo().catch(showProblem);
          }}
        >
          Undo
        </Button>
      </Group>
    ),
  });
}
