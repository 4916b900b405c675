import { join } from "node:path";
import type { IndexMirrorOptions } from "../project-index/mirror/index-mirror.ts";
import type { Environments } from "../runtime/environments.ts";
import { Ports } from "../runtime/ports.ts";
import type { Secrets } from "../runtime/secrets.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { loadPlan } from "./compose/load.ts";
import { bundleSecret, bundleVariables } from "./docker/bundle-variables.ts";
import { DockerServices } from "./docker/docker-services.ts";
import { DockerStack } from "./docker/docker-stack.ts";
import { WorkspaceOverlay } from "./docker/workspace-overlay.ts";
import { nativeServices } from "./native/native-service.ts";
import { NativeStack } from "./native/native-stack.ts";
import { NativeSupervisor } from "./native/supervisor.ts";
import { workspaceValues } from "./native/values.ts";
import type { ServiceSpec } from "./service.ts";
import { readyStore } from "./services/mlflow-store.ts";
import { StackView } from "./stack-view.ts";
import { WorkspaceServices } from "./workspace-services.ts";

/** Services that are not of one deployment, and stay up while a workspace is open. */
export const LASTING = ["engine", "mlflow"];

/** The profile that ideas run on. */
const CORE = "core";

export interface WorkspaceStack {
  /** The stack in processes, and in containers. */
  readonly processes: NativeStack;
  readonly containers: DockerStack;
  /** Both, as a person sees them. */
  readonly view: StackView;
  /** The workspace's services under the supervisor that was chosen for it. */
  readonly services: WorkspaceServices;
  /** The database `index` of the containers' PostgreSQL. */
  readonly indexDatabase: IndexMirrorOptions["database"];
}

/** Both ways in which the services of a workspace can run; nothing is started. */
export function workspaceStack(options: {
  workspace: Workspace;
  environments: Environments;
  secrets: Secrets;
  /** The product's folder. */
  product: string;
  /** What Node has to be told before the path of one of the product's programs. */
  nodeArgs: readonly string[];
}): WorkspaceStack {
  const { workspace, secrets, product } = options;
  const bundles = join(product, "compose-bundles");
  const native = new NativeSupervisor({
    runFolder: workspace.run,
    logFolder: workspace.logs,
    ports: new Ports(join(workspace.run, "ports.json")),
  });
  const file = join(workspace.run, "containers.compose.yaml");
  const overlay = new WorkspaceOverlay(file, workspace.root);
  const containers = new DockerStack({
    files: ["compose.yaml", "workspace.yaml"].map((name) => join(bundles, name)),
    overlay,
    workspace: workspace.root,
    runFolder: workspace.run,
    logFolder: workspace.logs,
    variables: () => bundleVariables({ environment: process.env, secrets, workspace, bundles }),
  });
  const services = new WorkspaceServices({
    native,
    docker: new DockerServices(containers, overlay),
    dockerStack: containers,
    file: join(workspace.root, "stack.json"),
  });
  const described = processesOf(options);
  for (const spec of described) {
    // No idea needs the others: they may run as processes beside containers, and the other way round.
    if (spec.profiles.includes(CORE)) services.add(spec);
    else native.add(spec);
  }
  const processes = new NativeStack(native, described);
  const indexDatabase = {
    port: () => containers.portOf("postgres", "postgres"),
    password: () =>
      bundleSecret("BREADTHFLOW_INDEX_DATABASE_PASSWORD", { environment: process.env, secrets }),
    changed: containers.changed,
  };
  const view = new StackView(processes, containers);
  return { processes, containers, view, services, indexDatabase };
}

/** What a process needs beyond its description in the bundles. */
const BEFORE_LAUNCH: Readonly<Record<string, (workspace: Workspace) => void>> = {
  mlflow: ({ mlflow }) => readyStore(mlflow),
};

/** Those services of the bundles that can run as processes of a workspace. */
export function processesOf(options: {
  workspace: Workspace;
  environments: Environments;
  secrets: Secrets;
  product: string;
  nodeArgs: readonly string[];
}): ServiceSpec[] {
  const { workspace, environments, secrets, product, nodeArgs } = options;
  const plan = loadPlan({
    files: [join(product, "compose-bundles", "compose.yaml")],
    profiles: ["*"],
    // What containers are told by variables is not the processes' concern.
    environment: {},
  });
  const values = workspaceValues({ product, workspace: workspace.root, secrets });
  return nativeServices(plan, { environments, values, nodeArgs }).map((spec) => {
    const before = BEFORE_LAUNCH[spec.name];
    return before ? { ...spec, beforeLaunch: () => before(workspace) } : spec;
  });
}
