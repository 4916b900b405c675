import { Kbd, Table } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { modals } from "@mantine/modals";
import { Fragment } from "react";
import { useLocation } from "wouter";
import { SCREENS } from "./screens.ts";

/** Every shortcut, for the keyboard and for the sheet that lists them. */
const SHEET: readonly { keys: readonly string[]; does: string }[] = [
  { keys: ["Ctrl / ⌘", "K"], does: "Find and do anything" },
  { keys: ["Alt", "N"], does: "New idea" },
  ...SCREENS.map(({ name }, at) => ({ keys: ["Alt", String(at + 1)], does: `Open ${name}` })),
  { keys: ["?"], does: "Show this sheet" },
];

export function showShortcuts(): void {
  modals.open({ title: "Keyboard shortcuts", children: <ShortcutSheet /> });
}

/** Listens for the shortcuts wherever one is; in a field where one types, letters stay letters. */
export function useShortcuts(): void {
  const [, go] = useLocation();
  useHotkeys([
    ["alt + N", () => go("/ideas/new")],
    ...SCREENS.map(({ path }, at): [string, () => void] => [`alt + ${at + 1}`, () => go(path)]),
    ["shift + ?", showShortcuts],
    ["?", showShortcuts],
  ]);
}

function ShortcutSheet() {
  return (
    <Table>
      <Table.Tbody>
        {SHEET.map(({ keys, does }) => (
          <Table.Tr key={does}>
            <Table.Td>{does}</Table.Td>
            <Table.Td ta="right">
              {keys.map((key, at) => (
                <Fragment key={key}>
                  {at > 0 && " + "}
                  <Kbd>{key}</Kbd>
                </Fragment>
              ))}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
