import { Menu, UnstyledButton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { Link, useLocation } from "wouter";
import type { RunOverview } from "../../../../contract/run.ts";
import { ASIDE, trpc } from "../../../app/api.ts";
import { time } from "../../../parts/format.ts";
import { lazyPart } from "../../../parts/lazy-part.tsx";
import classes from "./run-choice.module.css";

const AllRuns = lazyPart(() => import("./all-runs.tsx"));

/** The newest, to choose among at once. */
const NEWEST = 20;

/** Where one is: the ideas, and which run of this one; the other runs are a click away. */
export function RunChoice({ overview }: { overview: RunOverview }) {
  const { idea, run, number, started, verdict } = overview;
  const [, navigate] = useLocation();
  const runs = useQuery(trpc.runs.ofIdea.queryOptions({ idea: idea.id, limit: NEWEST }, ASIDE));
  const [showsAll, setShowsAll] = useState(false);
  const open = (one: { run: string }) => navigate(`/${idea.id}/runs/${one.run}`);
  return (
    <nav aria-label="Where you are" className={classes.path}>
      <Link href="/">Ideas</Link>
      <span aria-hidden>/</span>
      <Menu position="bottom-start" shadow="md">
        <Menu.Target>
          <UnstyledButton className={classes.choice}>
            run {number} · {time(started)}
            <IconChevronDown size={12} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown mah={360} style={{ overflowY: "auto" }}>
          {runs.data?.map((one) => (
            <Menu.Item
              key={one.run}
              aria-current={one.run === run || undefined}
              onClick={() => open(one)}
              rightSection={<small className={classes.verdict}>{one.verdict ?? one.state}</small>}
            >
              run {one.number} · {time(one.started)}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={() => setShowsAll(true)}>All runs</Menu.Item>
          {verdict && (
            <Menu.Item onClick={() => navigate(`/compare/${run}`)}>Compare with…</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {showsAll && (
        <Suspense fallback={null}>
          <AllRuns
            idea={idea}
            onClose={() => setShowsAll(false)}
            onOpen={(one) => {
              setShowsAll(false);
              open(one);
            }}
          />
        </Suspense>
      )}
    </nav>
  );
}
