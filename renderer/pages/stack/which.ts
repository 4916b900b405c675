import type { ServiceView } from "../../../contract/service.ts";

type Which = Pick<ServiceView, "service" | "supervisor">;

/** A service by its name may run as a process and in a container: both together tell it. */
export function keyOf({ service, supervisor }: Which): string {
  return `${supervisor}/${service}`;
}

/** Where its page is, below the stack's. */
export function pathOf({ service, supervisor }: Which): string {
  return `/${supervisor}/${encodeURIComponent(service)}`;
}

/** What services run as, of several. */
export const RUN_AS: Readonly<Record<ServiceView["supervisor"], string>> = {
  native: "processes",
  docker: "containers",
};

export const RUNS_AS: Readonly<Record<ServiceView["supervisor"], string>> = {
  native: "process",
  docker: "container",
};
