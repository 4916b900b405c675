import { sep } from "node:path";
import { pathToFileURL } from "node:url";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { Secrets } from "../../runtime/secrets.ts";

/** What `{name}` stands for in an `x-native`; undefined if nothing has that name. */
export type Values = (name: string) => string | undefined;

/** What every service of a workspace may name. */
export function workspaceValues(of: {
  /** The product's folder. */
  product: string;
  workspace: string;
  secrets: Pick<Secrets, "get">;
}): Values {
  return (name) => {
    if (name === "product") return forward(of.product);
    if (name === "workspace") return forward(of.workspace);
    if (name === "workspace_url") return pathToFileURL(of.workspace).href;
    const [kind, secret] = name.split(".");
    return kind === "secret" && secret ? of.secrets.get(secret) : undefined;
  };
}

/** What follows it in a template has forward slashes, which every system takes. */
function forward(path: string): string {
  return sep === "/" ? path : path.replaceAll(sep, "/");
}

/** The first that knows a name has the say. */
export function firstOf(...all: readonly Values[]): Values {
  return (name) => {
    for (const values of all) {
      const value = values(name);
      if (value !== undefined) return value;
    }
    return undefined;
  };
}

/** @param encode what each value goes through, for a text that is more than a text */
export function filledIn(
  template: string,
  values: Values,
  encode: (value: string) => string = (value) => value,
): string {
  return template.replaceAll(/\{([a-z_.-]+)\}/g, (_, name: string) => {
    const value = values(name);
    if (value !== undefined) return encode(value);
    throw new WorkbenchError({
      code: "compose.bad_native",
      detail: `Nothing is called {${name}} in ${template}.`,
      hint: "Change it in the service's x-native.",
      where: { template },
    });
  });
}
