import { Menu, UnstyledButton } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { IdeaCard } from "../../../../contract/idea-list.ts";
import classes from "./idea-menu.module.css";
import { useIdeaActions } from "./use-idea-actions.tsx";

/**
 * What can be done with an idea without opening it. Until somebody asks, it is a plain button: a
 * menu for each of thousands of lines would be most of the work of scrolling through them.
 */
export function IdeaMenu({ idea }: { idea: IdeaCard }) {
  const [isAsked, setAsked] = useState(false);
  const name = `Actions for ${idea.name}`;
  if (isAsked) return <OpenedMenu idea={idea} name={name} />;
  return (
    <button
      type="button"
      className={classes.button}
      aria-label={name}
      aria-haspopup="menu"
      aria-expanded={false}
      onClick={() => setAsked(true)}
    >
      ⋯
    </button>
  );
}

function OpenedMenu({ idea, name }: { idea: IdeaCard; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  // It stands where the plain button stood, and has the focus that a closing menu gives back.
  useEffect(() => {
    button.current?.focus();
    setOpen(true);
  }, []);
  return (
    <Menu opened={isOpen} onChange={setOpen} position="bottom-end" shadow="md" withinPortal>
      <Menu.Target>
        <UnstyledButton ref={button} className={classes.button} aria-label={name}>
          ⋯
        </UnstyledButton>
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
