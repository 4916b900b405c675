import { Group, Loader, Text } from "@mantine/core";

/** Something is on its way: says what, since a spinner alone tells nobody anything. */
export function Waiting(props: { for: string }) {
  return (
    <Group gap="sm" p="lg" role="status">
      <Loader size="xs" />
      <Text c="dimmed" size="sm">
        Loading {props.for}…
      </Text>
    </Group>
  );
}
