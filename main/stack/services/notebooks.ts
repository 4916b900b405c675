import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { EnsureOptions, Environments } from "../../runtime/environments.ts";
import { sourceRevision } from "../../runtime/source-revision.ts";
import type { ServiceSpec } from "../service.ts";
import { pythonVariables } from "./python-environment.ts";

export interface NotebooksServiceOptions {
  readonly environments: Environments;
  readonly workspace: { readonly root: string; readonly notebooks: string; readonly run: string };
  /** Notebooks to begin with, `resources/notebooks`. */
  readonly starters: string;
  /** What a browser presents, in its address or on the page that asks for it. */
  readonly token: string;
  readonly onProgress?: EnsureOptions["onProgress"];
}

/** JupyterLab on loopback, on the workspace's notebooks, with the engine to import. */
export function notebooksService(options: NotebooksServiceOptions): ServiceSpec {
  const { environments, workspace, starters, token, onProgress } = options;
  return {
    name: "notebooks",
    dependsOn: [],
    ports: ["http"],
    ready: { kind: "http", port: "http", path: "/api", deadlineMs: 90_000 },
    restart: "on_failure",
    page: `/lab?token=${encodeURIComponent(token)}`,
    stopGraceMs: 5000,
    revision: () => sourceRevision(environments.enginePackage, ".py"),
    async prepare(ports) {
      const python = await environments.ensure("notebooks", onProgress ? { onProgress } : {});
      const own = join(workspace.run, "jupyter");
      await mkdir(own, { recursive: true, mode: 0o700 });
      return {
        executable: python,
        args: [
          ...["-m", "breadthflow_engine.notebook_server", workspace.notebooks],
          ...["--port", String(ports.http), "--starters", starters],
        ],
        cwd: workspace.root,
        env: pythonVariables({
          PYTHONPATH: environments.enginePackage,
          BREADTHFLOW_WORKSPACE: workspace.root,
          JUPYTER_TOKEN: token,
          // What the user keeps of Jupyter elsewhere has no say here, and is not changed.
          JUPYTER_CONFIG_DIR: join(own, "config"),
          JUPYTER_DATA_DIR: join(own, "data"),
          JUPYTER_RUNTIME_DIR: join(own, "runtime"),
          IPYTHONDIR: join(own, "ipython"),
          MPLCONFIGDIR: join(own, "matplotlib"),
        }),
      };
    },
  };
}
