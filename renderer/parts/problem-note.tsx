import { Alert, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Problem } from "../../contract/problem.ts";

/** An error where it belongs: what happened, and what a person can do. */
export function ProblemNote(props: { problem: Problem; action?: ReactNode }) {
  return (
    <Alert
      color="red"
      variant="light"
      icon={<IconAlertTriangle size={16} />}
      title={props.problem.detail}
    >
      <Text size="sm">{props.problem.hint}</Text>
      {props.action}
    </Alert>
  );
}
