import { join } from "node:path";
import { Ports } from "../runtime/ports.ts";
import type { Secrets } from "../runtime/secrets.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { bundleVariables } from "./docker/bundle-variables.ts";
import { DockerServices } from "./docker/docker-services.ts";
import { DockerStack } from "./docker/docker-stack.ts";
import { WorkspaceOverlay } from "./docker/workspace-overlay.ts";
import { NativeSupervisor } from "./native/supervisor.ts";
import { WorkspaceServices } from "./workspace-services.ts";

export interface WorkspaceStack {
  readonly native: NativeSupervisor;
  readonly docker: DockerStack;
  /** The workspace's services under the supervisor that was chosen for it. */
  readonly services: WorkspaceServices;
}

/** Both ways in which the services of a workspace can run; nothing is started. */
export function workspaceStack(options: {
  workspace: Workspace;
  secrets: Secrets;
  /** The folder `compose-bundles`. */
  bundles: string;
}): WorkspaceStack {
  const { workspace, secrets, bundles } = options;
  const native = new NativeSupervisor({
    runFolder: workspace.run,
    logFolder: workspace.logs,
    ports: new Ports(join(workspace.run, "ports.json")),
  });
  const file = join(workspace.run, "containers.compose.yaml");
  const overlay = new WorkspaceOverlay(file, workspace.root);
  const docker = new DockerStack({
    files: ["compose.yaml", "workspace.yaml"].map((name) => join(bundles, name)),
    overlay,
    workspace: workspace.root,
    runFolder: workspace.run,
    logFolder: workspace.logs,
    variables: () => bundleVariables({ environment: process.env, secrets, workspace, bundles }),
  });
  const services = new WorkspaceServices({
    native,
    docker: new DockerServices(docker, overlay),
    dockerStack: docker,
    file: join(workspace.root, "stack.json"),
  });
  return { native, docker, services };
}
