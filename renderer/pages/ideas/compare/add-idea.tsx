import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { IdeaQuery } from "../../../../contract/idea-list.ts";
import type { RunId } from "../../../../contract/ids.ts";
import { Verdict } from "../../../../contract/run.ts";
import { ASIDE, trpc } from "../../../app/api.ts";

const SHOWN = 50;
/** Typing asks again when a hand rests, not at every key. */
const REST_MS = 150;

/** Puts the newest verdict of another idea beside those that are compared. */
export function AddIdea({ runs }: { runs: readonly RunId[] }) {
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState("");
  const [text] = useDebouncedValue(typed, REST_MS);
  const wanted = IdeaQuery.parse({
    text: text.slice(0, 200),
    verdicts: Verdict.options,
    limit: SHOWN,
  });
  const ideas = useQuery(
    trpc.ideas.page.queryOptions(wanted, { placeholderData: keepPreviousData, ...ASIDE }),
  );
  const others = (ideas.data?.rows ?? []).flatMap(({ name, judged }) =>
    judged && !runs.includes(judged.run) ? [{ value: judged.run, label: name }] : [],
  );
  return (
    <Select
      aria-label="Add an idea"
      placeholder="Add an idea…"
      searchable
      w={220}
      data={others}
      value={null}
      // The core has found them already, by more than their names.
      filter={({ options }) => options}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={(run) => run && navigate(`/compare/${[...runs, run].join(",")}`)}
      nothingFoundMessage="No other idea with a verdict is like that."
    />
  );
}
