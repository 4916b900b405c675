import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useLocation } from "wouter";
import type { IdeaCard } from "../../../../contract/idea-list.ts";
import { useIdeaActions } from "./use-idea-actions.tsx";

/** What can be done with an idea without opening it. */
export function IdeaMenu({ idea }: { idea: IdeaCard }) {
  return (
    <Menu position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <ActionIcon size="sm" aria-label={`Actions for ${idea.name}`}>
          <IconDots size={15} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Actions idea={idea} />
      </Menu.Dropdown>
    </Menu>
  );
}

/** Made only when the menu is open: thousands of ideas would mean thousands of mutations. */
function Actions({ idea }: { idea: IdeaCard }) {
  const [, navigate] = useLocation();
  const { duplicate, exportYaml, archive } = useIdeaActions();
  return (
    <>
      <Menu.Item onClick={() => navigate(`/new/${idea.id}`)}>Edit</Menu.Item>
      <Menu.Item onClick={() => duplicate(idea)}>Duplicate</Menu.Item>
      <Menu.Item onClick={() => exportYaml(idea)}>Export YAML</Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={() => archive([idea], idea.archived === null)}>
        {idea.archived === null ? "Archive" : "Bring back"}
      </Menu.Item>
    </>
  );
}
