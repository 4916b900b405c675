import { join } from "node:path";
import type { Environments } from "../runtime/environments.ts";
import { Ports } from "../runtime/ports.ts";
import type { Secrets } from "../runtime/secrets.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { bundleVariables } from "./docker/bundle-variables.ts";
import { DockerServices } from "./docker/docker-services.ts";
import { DockerStack } from "./docker/docker-stack.ts";
import { WorkspaceOverlay } from "./docker/workspace-overlay.ts";
import { NativeStack } from "./native/native-stack.ts";
import { NativeSupervisor } from "./native/supervisor.ts";
import { engineService } from "./services/engine.ts";
import { mlflowService } from "./services/mlflow.ts";
import { notebooksService } from "./services/notebooks.ts";
import { StackView } from "./stack-view.ts";
import { WorkspaceServices } from "./workspace-services.ts";

/** Services that are not of one deployment, and stay up while a workspace is open. */
export const LASTING = ["engine", "mlflow"];

export interface WorkspaceStack {
  /** The stack in processes, and in containers. */
  readonly processes: NativeStack;
  readonly containers: DockerStack;
  /** Both, as a person sees them. */
  readonly view: StackView;
  /** The workspace's services under the supervisor that was chosen for it. */
  readonly services: WorkspaceServices;
}

/** Both ways in which the services of a workspace can run; nothing is started. */
export function workspaceStack(options: {
  workspace: Workspace;
  environments: Environments;
  secrets: Secrets;
  /** The folder `compose-bundles`. */
  bundles: string;
  /** The folder of the notebooks that a workspace begins with. */
  starters: string;
}): WorkspaceStack {
  const { workspace, environments, secrets, bundles, starters } = options;
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
  services.add(engineService({ environments, token: secrets.get("engine") }));
  services.add(mlflowService({ environments, folder: workspace.mlflow }));
  // No idea needs notebooks: they may run as a process beside containers, and the other way round.
  native.add(
    notebooksService({ environments, workspace, starters, token: secrets.get("notebooks") }),
  );
  const processes = new NativeStack(native, { core: LASTING, notebooks: ["notebooks"] });
  return { processes, containers, view: new StackView(processes, containers), services };
}
