import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import type { IdeaCard } from "../../../../contract/idea-list.ts";
import { trpc } from "../../../app/api.ts";
import type { Choice } from "./idea-view.ts";

const PAGE = 100;

/**
 * The ideas of a list that may be thousands long: only the pages in and around the view
 * are asked for.
 *
 * @returns `at(position)`, undefined while its page is on its way, and `look(first, last)`, to be
 *   called with what is in view
 */
export function useIdeaPages(choice: Choice) {
  const [view, setView] = useState({ first: 0, last: 0 });
  const head = useQuery(
    trpc.ideas.page.queryOptions(
      { ...choice, offset: 0, limit: PAGE },
      { placeholderData: keepPreviousData },
    ),
  );
  // One more on either side, to be there before the wheel is.
  const end = Math.floor(((head.data?.total ?? 1) - 1) / PAGE);
  const from = Math.max(1, Math.floor(view.first / PAGE) - 1);
  const to = Math.min(end, Math.floor(view.last / PAGE) + 1);
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at);
  const rest = useQueries({
    queries: numbers.map((number) =>
      trpc.ideas.page.queryOptions({ ...choice, offset: number * PAGE, limit: PAGE }),
    ),
  });
  const at = (position: number): IdeaCard | undefined => {
    const number = Math.floor(position / PAGE);
    const page = number === 0 ? head.data : rest[number - from]?.data;
    return page?.rows[position % PAGE];
  };
  const look = useCallback((first: number, last: number) => {
    // Only another page is news: scrolling within one must not draw the list anew.
    setView((before) =>
      Math.floor(before.first / PAGE) === Math.floor(first / PAGE) &&
      Math.floor(before.last / PAGE) === Math.floor(last / PAGE)
        ? before
        : { first, last },
    );
  }, []);
  return { head, at, look };
}

export type IdeaPages = ReturnType<typeof useIdeaPages>;
