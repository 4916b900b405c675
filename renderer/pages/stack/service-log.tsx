import { Button, Group, Switch, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useSubscription } from "@trpc/tanstack-react-query";
import { useDeferredValue, useMemo, useState } from "react";
import type { ServiceView } from "../../../contract/service.ts";
import { trpc } from "../../app/api.ts";
import { showProblem } from "../../app/problems.ts";
import { count } from "../../parts/format.ts";
import { type LogLine, withLines } from "../../parts/log-lines.ts";
import { LogView } from "../../parts/log-view.tsx";
import { Panel } from "../../parts/panel.tsx";
import { saveFile } from "../../parts/save-file.ts";

/** A service's log as it is written, with a search. */
export function ServiceLog(props: {
  service: string;
  supervisor: ServiceView["supervisor"];
  file: string;
}) {
  const [lines, setLines] = useState<readonly LogLine[]>([]);
  const [search, setSearch] = useState("");
  const [follow, setFollow] = useState(true);
  const [marked, setMarked] = useState<number | null>(null);
  const wanted = useDeferredValue(search.toLowerCase());
  useSubscription(
    trpc.stack.logs.subscriptionOptions(
      { service: props.service, supervisor: props.supervisor, tail: 1000 },
      // A new connection sends the last lines again.
      {
        onStarted: () => setLines([]),
        onError: showProblem,
        onData: (more) => setLines((kept) => withLines(kept, more)),
      },
    ),
  );
  const shown = useMemo(
    () => (wanted ? lines.filter(({ text }) => text.toLowerCase().includes(wanted)) : lines),
    [lines, wanted],
  );
  /** A hit, with what was written before and after it. */
  const showAmongOthers = ({ number }: LogLine) => {
    setFollow(false);
    setSearch("");
    setMarked(number);
  };
  return (
    <Panel title="Log" note={<code>{props.file}</code>}>
      <Group mb="sm" gap="md">
        <TextInput
          aria-label="Search the log"
          placeholder="Search"
          leftSection={<IconSearch size={14} />}
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            setMarked(null);
          }}
          w={260}
        />
        <Switch
          label="Follow"
          checked={follow}
          onChange={(event) => setFollow(event.currentTarget.checked)}
        />
        <Text size="xs" c="dimmed" role="status">
          {wanted ? `${count(shown.length)} of ${count(lines.length)}` : count(lines.length)} lines
        </Text>
        <Button
          variant="default"
          ml="auto"
          onClick={() =>
            saveFile(`${props.service}.log`, shown.map(({ text }) => text).join("\n"), "text/plain")
          }
        >
          Save
        </Button>
      </Group>
      <LogView
        name={`Log of ${props.service}`}
        lines={shown}
        follow={follow && !wanted}
        onUnfollow={() => setFollow(false)}
        onPick={wanted ? showAmongOthers : undefined}
        marked={marked}
        empty={
          wanted ? "No line has this." : "Nothing is written yet; lines appear here as they come."
        }
      />
    </Panel>
  );
}
