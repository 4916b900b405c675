import type { Secrets } from "../../runtime/secrets.ts";
import { trackingStore } from "../services/tracking-store.ts";
import { imageRevision } from "./image-revision.ts";

/** Secrets of the bundles, by the variables in which compose files ask for them. */
const SECRETS: Readonly<Record<string, string>> = {
  BREADTHFLOW_ENGINE_TOKEN: "engine",
  BREADTHFLOW_ROUTER_TOKEN: "endpoint",
  BREADTHFLOW_ROUTER_CONTROL_TOKEN: "router-control",
  BREADTHFLOW_POSTGRES_PASSWORD: "postgres",
  BREADTHFLOW_MLFLOW_DATABASE_PASSWORD: "mlflow-database",
  BREADTHFLOW_INDEX_DATABASE_PASSWORD: "index-database",
  BREADTHFLOW_INDEX_READER_PASSWORD: "index-reader",
  BREADTHFLOW_S3_ROOT_KEY: "s3-root",
  BREADTHFLOW_MLFLOW_S3_KEY: "mlflow-s3",
  BREADTHFLOW_ENGINE_S3_KEY: "engine-s3",
  BREADTHFLOW_METRICS_TOKEN: "metrics",
  BREADTHFLOW_GRAFANA_ADMIN_PASSWORD: "grafana",
  BREADTHFLOW_NOTEBOOK_TOKEN: "notebooks",
};

type Variables = Readonly<Record<string, string | undefined>>;

export interface BundleSurroundings {
  readonly environment: Variables;
  readonly secrets: Pick<Secrets, "get">;
  /** The workspace that the containers work on, and its folder of MLflow. */
  readonly workspace: { readonly root: string; readonly mlflow: string };
  /** The folder `compose-bundles`. */
  readonly bundles: string;
}

/**
 * What the bundles are loaded with: the user's own variables, the workspace, and its secrets. The
 * latter are made at the first look; there is no default password.
 */
export function bundleVariables(around: BundleSurroundings): Variables {
  const { environment, secrets, workspace, bundles } = around;
  const own = Object.entries(SECRETS).map(([variable, name]) => [variable, secrets.get(name)]);
  return {
    ...Object.fromEntries(own),
    ...userOf(),
    BREADTHFLOW_REVISION: imageRevision(bundles),
    ...environment,
    // The command line reads it as the default of --workspace, which need not be this one.
    BREADTHFLOW_WORKSPACE: workspace.root,
    BREADTHFLOW_TRACKING_HOMECOMINGS: String(trackingStore(workspace.mlflow).homecomings),
  };
}

/** A secret of the bundles as containers are given it. */
export function bundleSecret(
  variable: string,
  { environment, secrets }: Pick<BundleSurroundings, "environment" | "secrets">,
): string {
  return environment[variable] ?? secrets.get(SECRETS[variable] as string);
}

/** What containers write into the workspace belongs to who runs the workbench. */
function userOf(): Variables {
  const user = process.getuid?.();
  if (user === undefined) return {};
  return {
    BREADTHFLOW_UID: String(user),
    BREADTHFLOW_USER: `${user}:${process.getgid?.() ?? user}`,
  };
}
