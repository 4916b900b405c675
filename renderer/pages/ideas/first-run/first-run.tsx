import { Button, SimpleGrid, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { trpc } from "../../../app/api.ts";
import { problemIn } from "../../../app/problems.ts";
import { Panel } from "../../../parts/panel.tsx";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import { EnvironmentProgress } from "./environment-progress.tsx";
import classes from "./first-run.module.css";
import { MachineChecks } from "./machine-checks.tsx";

/** What an empty workspace shows: the way to a first verdict, and what has to be installed for it. */
export function FirstRun() {
  const [, go] = useLocation();
  const demo = useQuery(trpc.ideas.demo.queryOptions());
  const idea = demo.data;
  const start = useMutation(
    trpc.runs.start.mutationOptions({
      onSuccess: ({ idea, run }) => go(`/${idea}/runs/${run}`),
    }),
  );
  return (
    <div className={classes.page}>
      <section className={classes.welcome} aria-labelledby="welcome">
        <h2 id="welcome">From an idea to a deployed model</h2>
        <Text c="dimmed" maw={620}>
          <b>New idea</b> starts from a template that fits your data, <b>Test</b> takes it through
          quality checks, features, a search and honest validation to a verdict, and <b>Deploy</b>{" "}
          puts the model behind an endpoint on this machine. Nothing leaves it.
        </Text>
        <div className={classes.actions}>
          <Button
            variant="default"
            loading={start.isPending}
            disabled={!idea}
            onClick={() =>
              idea && start.mutate({ yaml: idea.yaml, file: `${idea.template}.idea.yaml` })
            }
          >
            Run the demo idea
          </Button>
          <Text c="dimmed" size="sm">
            {idea ? `“${idea.name}”, ` : ""}on five years of the S&P 500's daily prices, which come
            with the workbench; each step tells how far it is. Or{" "}
            <Link href="~/data">import prices of your own</Link> first.
          </Text>
        </div>
        {demo.isError && <ProblemNote problem={problemIn(demo.error)} />}
      </section>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Panel title="What it needs" note="installed by itself when it is first needed">
          <EnvironmentProgress />
        </Panel>
        <Panel title="This machine">
          <MachineChecks />
        </Panel>
      </SimpleGrid>
    </div>
  );
}
