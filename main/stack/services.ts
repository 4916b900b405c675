import { WorkbenchError } from "../../contract/problem.ts";
import type { TypedEvent } from "../runtime/typed-event.ts";
import type { ServiceSpec, ServiceStatus } from "./service.ts";

/** The services of a workspace by name, whoever runs them: as processes or in containers. */
export interface Services {
  /** Each change of a service's state. */
  readonly changed: TypedEvent<ServiceStatus>;
  /** Makes a service known; it is not started. A known one must be stopped to be described anew. */
  add(spec: ServiceSpec): void;
  has(name: string): boolean;
  /** Starts a service, and before it all that it depends on. Resolves when it is ready. */
  start(name: string): Promise<ServiceStatus>;
  restart(name: string): Promise<ServiceStatus>;
  /** Stops a service, and before it all that depends on it. */
  stop(name: string): Promise<void>;
  /** Stops a service and forgets it. */
  remove(name: string): Promise<void>;
  status(): ServiceStatus[];
  statusOf(name: string): ServiceStatus;
  /**
   * Sees to it that services can read these files and folders at the paths that they have here.
   * Processes can; a container has to be given them.
   */
  see(paths: readonly string[]): Promise<void>;
}

/** Where this process reaches a service. */
export function addressOf({ ports }: ServiceStatus): string {
  return `http://127.0.0.1:${ports.http}`;
}

/** Where other services of the same supervisor reach it. */
export function innerAddressOf({ inside }: ServiceStatus): string {
  return `http://${inside.host}:${inside.ports.http}`;
}

/** @param profiles any of which may be `*`, every one there is */
export function refuseUnknownProfiles(profiles: readonly string[], known: readonly string[]): void {
  const unknown = profiles.find((name) => name !== "*" && !known.includes(name));
  if (unknown === undefined) return;
  throw new WorkbenchError({
    code: "stack.unknown_profile",
    detail: `There is no profile ${unknown}.`,
    hint: `Profiles: ${known.join(", ")}.`,
    where: { profile: unknown },
  });
}

export function unknownService(name: string, known: readonly string[]): WorkbenchError {
  return new WorkbenchError({
    code: "service.unknown",
    detail: `There is no service ${name}.`,
    hint: `Known services: ${known.join(", ") || "none"}.`,
    where: { service: name },
  });
}
