import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeJsonAtomic } from "../runtime/atomic-file.ts";
import { TypedEvent } from "../runtime/typed-event.ts";
import type { DockerServices } from "./docker/docker-services.ts";
import type { DockerStack } from "./docker/docker-stack.ts";
import type { NativeSupervisor } from "./native/supervisor.ts";
import type { ServiceSpec, ServiceStatus } from "./service.ts";
import type { Services } from "./services.ts";

const Choice = z.object({ supervisor: z.enum(["native", "docker"]) });
export type Supervisor = z.infer<typeof Choice>["supervisor"];

export interface WorkspaceServicesOptions {
  readonly native: NativeSupervisor;
  readonly docker: DockerServices;
  readonly dockerStack: DockerStack;
  /** Where the choice is kept, such as `WORKSPACE/stack.json`. */
  readonly file: string;
}

/**
 * The services of a workspace under the supervisor that was chosen for it, and the way from one to
 * the other. What uses services does not know which it is.
 */
export class WorkspaceServices implements Services {
  readonly changed = new TypedEvent<ServiceStatus>();
  readonly #options: WorkspaceServicesOptions;
  #supervisor: Supervisor;
  #moving: Promise<void> = Promise.resolve();

  constructor(options: WorkspaceServicesOptions) {
    this.#options = options;
    this.#supervisor = chosen(options.file);
    for (const [name, services] of [
      ["native", options.native],
      ["docker", options.docker],
    ] as const) {
      services.changed.subscribe((status) => {
        if (this.#supervisor === name) this.changed.emit(status);
      });
    }
  }

  get supervisor(): Supervisor {
    return this.#supervisor;
  }

  /**
   * Ends the services where they run and has them run elsewhere from now on; each is started by who
   * needs it next. The registry and all that was tracked go along.
   */
  use(wanted: Supervisor): Promise<void> {
    const move = this.#moving.then(() => this.#move(wanted));
    this.#moving = move.catch(() => undefined);
    return move;
  }

  add(spec: ServiceSpec): void {
    this.#options.native.add(spec);
    this.#options.docker.add(spec);
  }

  async remove(name: string): Promise<void> {
    await this.#chosen.remove(name);
    const other = this.#supervisor === "native" ? this.#options.docker : this.#options.native;
    other.forget(name);
  }

  has(name: string): boolean {
    return this.#chosen.has(name);
  }

  async start(name: string): Promise<ServiceStatus> {
    await this.#moving;
    return this.#chosen.start(name);
  }

  async restart(name: string): Promise<ServiceStatus> {
    await this.#moving;
    return this.#chosen.restart(name);
  }

  stop(name: string): Promise<void> {
    return this.#chosen.stop(name);
  }

  status(): ServiceStatus[] {
    return this.#chosen.status();
  }

  statusOf(name: string): ServiceStatus {
    return this.#chosen.statusOf(name);
  }

  async see(paths: readonly string[]): Promise<void> {
    await this.#moving;
    return this.#chosen.see(paths);
  }

  left(): Promise<string[]> {
    return this.#chosen.left();
  }

  async endOrphans(): Promise<string[]> {
    const { native, docker } = this.#options;
    // Processes may have been beside containers, or left by a move that was cut off.
    const ended = await native.endOrphans();
    return this.#supervisor === "docker" ? [...ended, ...(await docker.endOrphans())] : ended;
  }

  /** Ends processes, and containers where that is asked: they outlive the workbench otherwise. */
  async stopAll({ containers }: { containers: boolean }): Promise<void> {
    await this.#options.native.stopAll();
    if (containers && this.#supervisor === "docker") {
      await (await this.#options.dockerStack.opened()).stop();
    }
  }

  async #move(wanted: Supervisor): Promise<void> {
    if (wanted === this.#supervisor) return;
    const { native, docker, dockerStack, file } = this.#options;
    // Before anything is ended: without Docker there is nothing to go to, or to come from.
    await dockerStack.opened();
    if (wanted === "docker") {
      // Those that are no containers' business stay: a person may be at work with them.
      const moving = native.status().filter(({ name }) => docker.has(name));
      await Promise.all(moving.map(({ name }) => native.stop(name)));
    } else {
      await docker.settled();
      await dockerStack.home();
    }
    await writeJsonAtomic(file, { supervisor: wanted });
    this.#supervisor = wanted;
  }

  get #chosen(): NativeSupervisor | DockerServices {
    return this.#options[this.#supervisor];
  }
}

function chosen(file: string): Supervisor {
  try {
    return Choice.parse(JSON.parse(readFileSync(file, "utf8"))).supervisor;
  } catch {
    // Without a choice, or with one that cannot be read, nothing needs Docker.
    return "native";
  }
}
