import { useSubscription } from "@trpc/tanstack-react-query";
import { useCallback, useEffect, useState } from "react";
import { trpc } from "../../app/api.ts";
import { showProblem } from "../../app/problems.ts";
import { type Progress, ProgressText } from "./progress-text.ts";

/**
 * What is being done, in words, while `active`. It is listened for all the time: what is begun at
 * the moment of a click would be told before anybody listened.
 */
export function useProgress(active: boolean): string | null {
  const [text, setText] = useState<string | null>(null);
  const [words] = useState(() => new ProgressText());
  const take = useCallback(
    (events: readonly Progress[]) => {
      for (const event of events) setText((before) => words.of(event) ?? before);
    },
    [words],
  );
  useSubscription(
    trpc.stack.progress.subscriptionOptions(undefined, { onData: take, onError: showProblem }),
  );
  useEffect(() => {
    if (!active) setText(null);
  }, [active]);
  return active ? text : null;
}
