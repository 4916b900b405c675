import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { problemIn } from "../app/problems.ts";
import { ProblemNote } from "./problem-note.tsx";
import { Waiting } from "./waiting.tsx";

/** What was asked of the core: on its way, refused, or here. */
export function Asked<T>(props: {
  query: UseQueryResult<T, unknown>;
  /** What is loaded, as it stands in "Loading …". */
  for: string;
  children: (data: T) => ReactNode;
}) {
  const { query } = props;
  if (query.data !== undefined) return props.children(query.data);
  if (query.isError) return <ProblemNote problem={problemIn(query.error)} />;
  return <Waiting for={props.for} />;
}
