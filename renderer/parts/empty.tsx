import { Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

/** Where there is nothing yet: a sentence that says what will appear here, and how to get it. */
export function Empty(props: { children: ReactNode; action?: ReactNode }) {
  return (
    <Stack align="flex-start" gap="sm" py="md">
      <Text c="dimmed" size="sm" maw={560}>
        {props.children}
      </Text>
      {props.action}
    </Stack>
  );
}
