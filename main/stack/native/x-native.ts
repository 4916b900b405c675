import { z } from "zod";
import { ENVIRONMENT_NAMES } from "../../runtime/environments.ts";
import { nanoseconds } from "../compose/durations.ts";
import { refusal } from "../compose/tree.ts";
import type { PlannedService } from "../plan.ts";

const Milliseconds = z
  .string()
  .refine((text) => nanoseconds(text) !== undefined, "is not a duration, such as 60s")
  .transform((text) => Number(nanoseconds(text)) / 1e6);

/** A text with values in it, such as `{workspace}/mlflow`: see `values.ts`. */
const Template = z.string();

const XNative = z.strictObject({
  /** The Python environment that `python` is of. */
  environment: z.enum(ENVIRONMENT_NAMES).optional(),
  /** `python` or `node`, then its arguments. */
  command: z.tuple([z.enum(["python", "node"])], Template),
  working_dir: Template,
  /** Made before it starts, for this user only. */
  folders: z.array(Template).default([]),
  /** Added to the environment; null takes a variable of that name away. */
  variables: z.record(z.string(), Template.nullable()).default({}),
  /** Names of the loopback ports that it listens on. */
  ports: z.array(z.string()).default(["http"]),
  /** It is ready when this path of its port `http` answers with 200. */
  ready: z.strictObject({ path: Template, within: Milliseconds }),
  /** A change of its sources makes it another service than the one that runs. */
  sources: z.strictObject({ folder: Template, ending: z.enum([".py", ".ts"]) }).optional(),
  /** Path of a page for a browser, where it is another than the container's. */
  page: Template.optional(),
});

/** How a service runs as a plain process, as its `x-native` in the compose files says. */
export type XNative = z.infer<typeof XNative>;

/** Undefined for a service that runs in containers only. */
export function xNative({ name, extensions }: PlannedService): XNative | undefined {
  const said = extensions["x-native"];
  if (said === undefined) return undefined;
  const read = XNative.safeParse(said);
  const path = ["services", name, "x-native"];
  if (!read.success) {
    const [first] = read.error.issues;
    const place = [...path, ...(first?.path ?? []).map(String)];
    throw refusal("bad_native", first?.message ?? "cannot be read", { path: place });
  }
  if (read.data.command[0] === "python" && read.data.environment === undefined) {
    throw refusal("bad_native", "python needs an environment", {
      path: [...path, "environment"],
      hint: `Name one of ${ENVIRONMENT_NAMES.join(", ")}.`,
    });
  }
  return read.data;
}
