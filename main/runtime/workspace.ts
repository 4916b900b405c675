import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { WorkbenchError } from "../../contract/problem.ts";

/** The paths of a workspace: the folder that holds everything a user made. */
export class Workspace {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  get index(): string {
    return join(this.root, "index.db");
  }
  /** Delta tables, one folder a data set. */
  get data(): string {
    return join(this.root, "data");
  }
  /** Artifacts by step and content key. */
  get cache(): string {
    return join(this.root, "cache");
  }
  /** Trials as engines write them down, until the index has them. */
  get ledger(): string {
    return join(this.root, "ledger");
  }
  get runs(): string {
    return join(this.root, "runs");
  }
  /** Gate policies of the user's own; made by the user. */
  get policies(): string {
    return join(this.root, "policies");
  }
  get notebooks(): string {
    return join(this.root, "notebooks");
  }
  get mlflow(): string {
    return join(this.root, "mlflow");
  }
  /** Local copies of served models, their servers' settings, the router's configuration. */
  get serving(): string {
    return join(this.root, "serving");
  }
  get logs(): string {
    return join(this.root, "logs");
  }
  get backups(): string {
    return join(this.root, "backups");
  }
  /** What is true only while services run: process records, remembered ports, the owner's lock. */
  get run(): string {
    return join(this.root, "run");
  }
  /** Files that a browser handed over, until they are imported. */
  get uploads(): string {
    return join(this.root, "uploads");
  }
  get secrets(): string {
    return join(this.root, "secrets.json");
  }
  get settings(): string {
    return join(this.root, "settings.json");
  }

  /**
   * Makes the folders. Those that hold tokens, logs or requests are private to the user (0700);
   * on Windows a user's own folders are private already.
   */
  create(): this {
    mkdirSync(this.root, { recursive: true });
    const open = [this.data, this.cache, this.runs, this.notebooks];
    for (const folder of open) mkdirSync(folder, { recursive: true });
    const personal = [this.mlflow, this.serving, this.logs, this.backups, this.run, this.uploads];
    for (const folder of personal) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    return this;
  }

  /** Nothing is begun beside a disk that is gone: it would be lost, or would keep it from coming back. */
  requirePresent(): void {
    if (existsSync(this.index)) return;
    throw new WorkbenchError({
      code: "workspace.gone",
      detail: `The workspace ${this.root} is not there any more: its disk was taken away, or it was moved.`,
      hint: "Bring it back and do this again; or close the workbench, and open the workspace where it is now.",
      where: { workspace: this.root },
    });
  }
}
