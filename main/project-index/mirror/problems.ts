import { DatabaseError } from "pg";
import { type Problem, WorkbenchError } from "../../../contract/problem.ts";

/** PostgreSQL's codes for a role, a password or a database that it does not know. */
const NOT_KNOWN = ["28000", "28P01", "3D000"];

/** Why the mirror does not stand, and what helps. */
export function mirrorProblem(error: unknown): Problem {
  if (error instanceof WorkbenchError) return error.problem;
  const reason = error instanceof Error ? error.message : String(error);
  if (!(error instanceof DatabaseError)) {
    return {
      code: "mirror.unreachable",
      detail: `PostgreSQL does not answer as it should (${reason}).`,
      hint: "It is tried again by itself.",
    };
  }
  const where = { code: error.code, ...(error.table ? { table: error.table } : {}) };
  if (NOT_KNOWN.includes(error.code ?? "")) {
    return {
      code: "mirror.no_database",
      detail: "PostgreSQL does not let this workspace into its database index.",
      hint: "The step postgres-init of the profile storage makes it and sets its password.",
      where,
    };
  }
  return {
    code: "mirror.refused",
    detail: `PostgreSQL refused something (${reason}).`,
    hint: "Where somebody has changed the tables, drop them all: they are made and filled anew.",
    where,
  };
}
