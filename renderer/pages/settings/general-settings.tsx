import {
  Button,
  Group,
  SegmentedControl,
  SimpleGrid,
  Table,
  Text,
  useMantineColorScheme,
} from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { bytes } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { useOffers } from "../../state/offers.ts";

export function GeneralSettings() {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Appearance />
      <WorkspaceFacts />
    </SimpleGrid>
  );
}

function Appearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Panel title="Appearance">
      <SegmentedControl
        aria-label="Theme"
        value={colorScheme}
        onChange={(value) => setColorScheme(value as typeof colorScheme)}
        data={[
          { value: "auto", label: "As the system" },
          { value: "dark", label: "Dark" },
          { value: "light", label: "Light" },
        ]}
      />
      <Text size="sm" c="dimmed" mt="sm">
        Kept in this window's browser or app. Motion follows the system's setting.
      </Text>
    </Panel>
  );
}

/** Takes its path along or, where a window of the desktop can, opens it. */
function FolderActions({ folder }: { folder: string }) {
  const { copy, copied } = useClipboard({ timeout: 1500 });
  const bridge = window.breadthflow;
  const open = () => bridge?.send({ type: "show_workspace" });
  useOffers([
    { id: "copy", label: "Copy the workspace's path", act: () => copy(folder) },
    bridge && { id: "open", label: "Open the workspace's folder", act: open },
  ]);
  return (
    <Group gap={6} mt={4}>
      {bridge && (
        <Button variant="default" size="compact-xs" onClick={open}>
          Open the folder
        </Button>
      )}
      <Button variant="default" size="compact-xs" onClick={() => copy(folder)}>
        {copied ? "Copied" : "Copy the path"}
      </Button>
    </Group>
  );
}

function WorkspaceFacts() {
  const status = useQuery(trpc.system.status.queryOptions());
  const disk = useQuery(trpc.settings.disk.queryOptions());
  return (
    <Panel title="Workspace">
      <Asked query={status} for="the workspace">
        {({ workspace }) => (
          <Table>
            <Table.Tbody>
              <Table.Tr>
                <Table.Th w={120}>Folder</Table.Th>
                <Table.Td>
                  <code style={{ overflowWrap: "anywhere" }}>{workspace}</code>
                  <FolderActions folder={workspace} />
                </Table.Td>
              </Table.Tr>
              <Table.Tr>
                <Table.Th>Takes up</Table.Th>
                <Table.Td>{bytes(disk.data?.used)}</Table.Td>
              </Table.Tr>
              <Table.Tr>
                <Table.Th>Free on its disk</Table.Th>
                <Table.Td>
                  {bytes(disk.data?.free)} of {bytes(disk.data?.size)}
                </Table.Td>
              </Table.Tr>
            </Table.Tbody>
          </Table>
        )}
      </Asked>
      <Text size="sm" c="dimmed" mt="sm">
        Everything that you made is in this folder; a copy of it is a backup. Another one is opened
        with <code>npm start -- --workspace FOLDER</code>.
      </Text>
    </Panel>
  );
}
