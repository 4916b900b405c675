import { Kbd, Switch, Table } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { Fragment, useEffect, useEffectEvent, useMemo } from "react";
import { useLocation } from "wouter";
import { KeySequences, letterOf } from "./key-sequence.ts";
import { SCREENS } from "./screens.ts";

/** Every shortcut, for the sheet that lists them. Letters alone: browsers and systems have the rest. */
const SHEET: readonly { keys: readonly string[]; does: string; together?: boolean }[] = [
  { keys: ["Ctrl / ⌘", "K"], does: "Find and do anything", together: true },
  { keys: ["N"], does: "New idea" },
  ...SCREENS.map(({ name, letter }) => ({
    keys: ["G", letter.toUpperCase()],
    does: `Open ${name}`,
  })),
  { keys: ["?"], does: "Show this sheet" },
];

export function showShortcuts(): void {
  modals.open({ title: "Keyboard shortcuts", children: <ShortcutSheet /> });
}

/** Who dictates, or rests a hand on the keyboard, may do without (WCAG 2.1.4). */
function useLetterShortcuts() {
  return useLocalStorage({ key: "breadthflow-letter-shortcuts", defaultValue: true });
}

/** Listens for the shortcuts wherever one is; in a field where one types, letters stay letters. */
export function useShortcuts(): void {
  const [, go] = useLocation();
  const [isOn] = useLetterShortcuts();
  const sequences = useMemo(
    () =>
      new KeySequences(
        new Map([
          ["n", () => go("/ideas/new")],
          ...SCREENS.map(
            ({ path, letter }) => [`g ${letter}`, () => go(path)] as [string, () => void],
          ),
        ]),
      ),
    [go],
  );
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!isOn || event.defaultPrevented || event.repeat || isTakenElsewhere(event.target)) return;
    if (event.key === "?" && !event.ctrlKey && !event.metaKey && !event.altKey) {
      showShortcuts();
      return;
    }
    const letter = letterOf(event);
    if (letter && sequences.press(letter, event.timeStamp)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** Where letters are text, or where something lies over the screen. */
function isTakenElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest("input, textarea, select, [role=dialog], [role=menu], [role=listbox]") !==
        null)
  );
}

function ShortcutSheet() {
  const [isOn, setOn] = useLetterShortcuts();
  return (
    <>
      <Table>
        <Table.Tbody>
          {SHEET.map(({ keys, does, together }) => (
            <Table.Tr key={does}>
              <Table.Td>{does}</Table.Td>
              <Table.Td ta="right">
                {keys.map((key, at) => (
                  <Fragment key={key}>
                    {at > 0 && (together ? " + " : " then ")}
                    <Kbd>{key}</Kbd>
                  </Fragment>
                ))}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Switch
        mt="md"
        label="Shortcuts of single letters"
        checked={isOn}
        onChange={(event) => setOn(event.currentTarget.checked)}
      />
    </>
  );
}
