import type { Secrets } from "../../runtime/secrets.ts";

/** Secrets of the bundles, by the variables in which compose files ask for them. */
const SECRETS: Readonly<Record<string, string>> = {
  BREADTHFLOW_ENGINE_TOKEN: "engine",
  BREADTHFLOW_POSTGRES_PASSWORD: "postgres",
  BREADTHFLOW_MLFLOW_DATABASE_PASSWORD: "mlflow-database",
  BREADTHFLOW_INDEX_DATABASE_PASSWORD: "index-database",
};

/**
 * What the bundles are loaded with: the user's own variables, and the workspace's secrets. The
 * latter are made at the first look; there is no default password.
 */
export function bundleVariables(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: Pick<Secrets, "get">,
): Record<string, string | undefined> {
  const own = Object.entries(SECRETS).map(([variable, name]) => [variable, secrets.get(name)]);
  return { ...Object.fromEntries(own), ...environment };
}
