import { Button, Code, Drawer, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import type { RunOverview } from "../../../../contract/run.ts";
import type { StepEvent, StepName } from "../../../../contract/step.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { bytes, count, duration, time } from "../../../parts/format.ts";
import type { Level } from "../../../parts/log-lines.ts";
import { LogView } from "../../../parts/log-view.tsx";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import { outcomeOf, STEP_MEANINGS, STEP_TITLES, type Step } from "./step-words.ts";

/** Everything about one step: what it is for, how it went, what it was told, left and said. */
export function StepDetails(props: {
  overview: RunOverview;
  step: StepName | null;
  /** Number of the last thing that the run said. */
  seq: number;
  onClose: () => void;
  onRetry: () => void;
}) {
  const { overview } = props;
  const step = overview.steps.find(({ name }) => name === props.step);
  return (
    <Drawer
      opened={step !== undefined}
      onClose={props.onClose}
      position="right"
      size={560}
      title={step && STEP_TITLES[step.name]}
      closeButtonProps={{ "aria-label": "Close the step" }}
    >
      {step && <Details {...props} step={step} />}
    </Drawer>
  );
}

function Details(props: { overview: RunOverview; step: Step; seq: number; onRetry: () => void }) {
  const { overview, step, seq } = props;
  const details = useQuery(trpc.runs.step.queryOptions({ run: overview.run, step: step.name }));
  const { refetch } = details;
  useEffect(() => {
    if (seq > 0) void refetch();
  }, [seq, refetch]);
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        {STEP_MEANINGS[step.name]}
      </Text>
      {step.problem && (
        <ProblemNote
          problem={step.problem}
          action={
            overview.state === "running" ? undefined : (
              <Button mt="sm" variant="default" onClick={props.onRetry}>
                Retry from here
              </Button>
            )
          }
        />
      )}
      <Facts
        facts={[
          ["State", step.state],
          ["Result", outcomeOf(step, overview)],
          ["Started", time(step.started)],
          ["Took", step.state === "cached" ? "nothing: from the cache" : duration(step.seconds)],
        ]}
      />
      <Asked query={details} for="the step">
        {({ params, artifact, events }) => (
          <>
            <Part title="Artifact">
              {artifact ? (
                <Facts
                  facts={[
                    ["Kind", artifact.kind],
                    ["Rows", count(artifact.rows)],
                    ["Size", bytes(artifact.bytes)],
                    ["Made", time(artifact.created)],
                    ["Folder", artifact.path],
                    ["Content key", artifact.key],
                  ]}
                />
              ) : (
                <Text size="sm" c="dimmed">
                  What the step leaves is listed here when it is done.
                </Text>
              )}
            </Part>
            <Part title="Parameters">
              <Code block>{JSON.stringify(params, null, 2)}</Code>
            </Part>
            <Part title="Log">
              <LogView
                name={`Log of ${STEP_TITLES[step.name]}`}
                lines={events.map(({ at, news }, number) => ({
                  number,
                  level: levelOf(news),
                  text: `${at.slice(11, 19)}  ${lineOf(news)}`,
                }))}
                follow={false}
                onUnfollow={() => undefined}
                empty={
                  step.state === "cached"
                    ? "Nothing was done: the artifact was there already."
                    : "What the step says while it works appears here."
                }
              />
            </Part>
          </>
        )}
      </Asked>
    </Stack>
  );
}

function Part(props: { title: string; children: ReactNode }) {
  return (
    <section aria-label={props.title}>
      <Text component="h3" size="sm" fw={600} mb={4}>
        {props.title}
      </Text>
      {props.children}
    </section>
  );
}

function Facts({ facts }: { facts: [string, string][] }) {
  return (
    <Table variant="vertical" layout="fixed">
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w={110} fw={400} c="dimmed">
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere" }}>{value || "–"}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function levelOf(news: StepEvent): Level {
  if (news.kind === "trial") return news.state === "failed" ? "error" : "plain";
  const level = news.kind === "log" ? news.level : news.kind === "finding" ? news.severity : "info";
  if (level === "debug") return "quiet";
  return level === "info" ? "plain" : level;
}

function lineOf(news: StepEvent): string {
  switch (news.kind) {
    case "progress":
      return `${Math.round(news.fraction * 100)} %  ${news.message}`;
    case "log":
      return news.level === "info" ? news.message : `${news.level.toUpperCase()} ${news.message}`;
    case "metric":
      return `${news.name} = ${news.value}`;
    case "trial":
      return `trial ${news.number} ${news.engine} ${news.state} ${news.score?.toFixed(4) ?? news.error ?? ""}`;
    case "finding":
      return `${news.severity}: ${news.rule} ${news.symbol ?? ""} ${news.date_from ?? ""} ${news.action}: ${news.detail}`;
  }
}
