import type { ProfileView, ServiceUsage, ServiceView } from "../../contract/service.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";
import type { StackProgress } from "./docker/supervisor.ts";

export interface LogOptions {
  /** How many of the last lines. */
  readonly tail: number;
  /** Further lines come until it aborts; without, there are none. */
  readonly follow?: AbortSignal;
}

/** The whole stack of a workspace as processes, or as containers: the same can be asked of both. */
export interface StackSupervisor {
  readonly name: ServiceView["supervisor"];
  /** The state of some service is another than before. */
  readonly changed: TypedEvent<void>;
  /** What is being done on the way up. */
  readonly progress: TypedEvent<StackProgress>;
  profiles(): ProfileView[];
  list(): Promise<ServiceView[]>;
  /** Brings up the services of some profiles, and what they need; others stay as they are. */
  up(options: { profiles: readonly string[]; build?: boolean }): Promise<void>;
  /** Ends services of some profiles that no other profile in use has; without, all there are. */
  down(options: { profiles?: readonly string[]; volumes?: boolean }): Promise<void>;
  start(service: string): Promise<void>;
  restart(services: readonly string[]): Promise<void>;
  stop(service: string): Promise<void>;
  logs(service: string, options: LogOptions): AsyncGenerator<string>;
  /** What each running service uses at this moment. */
  usage(): Promise<ServiceUsage[]>;
}
