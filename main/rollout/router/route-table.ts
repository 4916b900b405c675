import { readFile } from "node:fs/promises";
import { type Route, RoutesFile } from "../routes.ts";
import { Refusal } from "./problems.ts";

/** The deployments that are being served; replaced as a whole when the file is read again. */
export class RouteTable {
  readonly #file: string;
  #routes: ReadonlyMap<string, Route> = new Map();

  constructor(file: string) {
    this.#file = file;
  }

  get deployments(): string[] {
    return [...this.#routes.keys()];
  }

  /** Reads the file; a damaged one leaves the routes as they were and is an error. */
  async load(): Promise<void> {
    let text: string;
    try {
      text = await readFile(this.#file, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      this.#routes = new Map();
      return;
    }
    const { routes } = RoutesFile.parse(JSON.parse(text));
    this.#routes = new Map(routes.map((route) => [route.deployment, route]));
  }

  find(deployment: string, version: string | undefined): Route {
    const route = this.#routes.get(deployment);
    if (route && (version === undefined || version === route.version)) return route;
    const wanted = version === undefined ? deployment : `version ${version} of ${deployment}`;
    throw new Refusal(404, {
      code: "deployment.unknown",
      detail: `There is no deployment ${wanted} here.`,
      hint: route
        ? `It serves version ${route.version}.`
        : `Deployments that are live: ${this.deployments.join(", ") || "none"}.`,
      where: { deployment, ...(version !== undefined && { version }) },
    });
  }
}
