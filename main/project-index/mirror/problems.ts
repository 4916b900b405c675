import { DatabaseError } from "pg";
import { type Problem, WorkbenchError } from "../../../contract/problem.ts";

/** PostgreSQL's codes for a role, a password or a database that it does not know. */
const NOT_KNOWN = ["28000", "28P01", "3D000"];
/** Classes of its codes for values, keys, and tables and rights that are not as they were made. */
const REFUSALS = ["22", "23", "42"];

/** Why the mirror does not stand, and what helps. */
export function mirrorProblem(error: unknown): Problem {
  if (error instanceof WorkbenchError) return error.problem;
  const reason = error instanceof Error ? error.message : String(error);
  const code = (error instanceof DatabaseError && error.code) || "";
  if (NOT_KNOWN.includes(code)) {
    return {
      code: "mirror.no_database",
      detail: "PostgreSQL does not let this workspace into its database index.",
      hint: "The step postgres-init of the profile storage makes it and sets its password.",
      where: { code, reason },
    };
  }
  if (REFUSALS.includes(code.slice(0, 2))) {
    return {
      code: "mirror.refused",
      detail: `PostgreSQL refuses what is to be brought over (${reason}).`,
      hint: "Where somebody has changed the tables, drop them all: they are made and filled anew.",
      where: { code },
    };
  }
  return {
    code: "mirror.unreachable",
    detail: `PostgreSQL does not answer as it should (${reason}).`,
    hint: "It is tried again by itself.",
    ...(code === "" ? {} : { where: { code } }),
  };
}

/** A server that is being made, started or ended is so for a while. */
export function mayPass({ code }: Problem): boolean {
  return code === "mirror.no_database" || code === "mirror.unreachable";
}
