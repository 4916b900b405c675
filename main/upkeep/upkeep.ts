import { statfs } from "node:fs/promises";
import { homedir } from "node:os";
import type { Noun } from "../../contract/noun.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import type { ServiceView } from "../../contract/service.ts";
import type { Licence, Settings } from "../../contract/settings.ts";
import { type Check, examine } from "../runtime/doctor.ts";
import type { Environments } from "../runtime/environments.ts";
import type { Secrets } from "../runtime/secrets.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { type Diagnostics, diagnose } from "./diagnostics.ts";
import { EnvironmentCare } from "./environment-care.ts";
import { folderSize } from "./folder-size.ts";
import { licencesOf } from "./licences.ts";
import { NetworkVariables } from "./network.ts";
import { SettingsFile } from "./settings-file.ts";

export type UpkeepOptions = {
  workspace: Workspace;
  environments: Environments;
  secrets: Secrets;
  changed: TypedEvent<Noun>;
  services: () => Promise<ServiceView[]>;
  /** Whether the stack can run here, as processes and as containers. */
  stackChecks: () => Promise<Check[]>;
  version: string;
  packageLock: string;
};

/** What a person does to keep the workbench in order: settings, environments, secrets, disk. */
export class Upkeep {
  readonly environments: EnvironmentCare;
  readonly #options: UpkeepOptions;
  readonly #settings: SettingsFile;
  readonly #network = new NetworkVariables(process.env);

  constructor(options: UpkeepOptions) {
    this.#options = options;
    this.environments = new EnvironmentCare(options.environments, () => this.#changed());
    this.#settings = new SettingsFile(options.workspace.settings);
    this.#network.apply(this.#settings.get().network);
  }

  settings(): Settings {
    return this.#settings.get();
  }

  /** Programs that are started from now on see the new network settings. */
  async changeSettings(settings: Settings): Promise<Settings> {
    const kept = await this.#settings.set(settings);
    this.#network.apply(kept.network);
    this.#changed();
    return kept;
  }

  secretNames(): string[] {
    return this.#options.secrets.names();
  }

  /**
   * Puts a new value, generated where none is given, in a secret's place. Services that use it have
   * the old one until the workspace is opened again.
   */
  replaceSecret(name: string, value: string | undefined): void {
    const { secrets } = this.#options;
    if (!secrets.names().includes(name)) {
      throw new WorkbenchError({
        code: "secrets.unknown",
        detail: `There is no secret ${name}.`,
        hint: `There are ${secrets.names().join(", ")}.`,
        where: { secret: name },
      });
    }
    secrets.replace(name, value);
    this.#changed();
  }

  /** Bytes of the workspace, and of its disk. */
  async disk(): Promise<{ used: number; free: number; size: number }> {
    const { root } = this.#options.workspace;
    const { bavail, blocks, bsize } = await statfs(root);
    return { used: await folderSize(root), free: bavail * bsize, size: blocks * bsize };
  }

  /** What this is, by name and version. */
  about(): { version: string; node: string } {
    return { version: this.#options.version, node: process.versions.node };
  }

  async doctor(): Promise<Check[]> {
    const stack = await this.#options.stackChecks();
    return [...examine(this.#options.workspace.root), ...stack];
  }

  licences(): Promise<Licence[]> {
    return licencesOf({
      packageLock: this.#options.packageLock,
      environments: this.environments.list().map(({ folder }) => folder),
    });
  }

  async diagnostics(): Promise<Diagnostics> {
    const { version, services, workspace, secrets } = this.#options;
    return diagnose({
      version,
      checks: await this.doctor(),
      services: await services(),
      logFolder: workspace.logs,
      secrets: secrets.values(),
      home: homedir(),
      now: new Date(),
    });
  }

  #changed(): void {
    this.#options.changed.emit("settings");
  }
}
