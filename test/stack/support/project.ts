import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { connect } from "../../../main/stack/docker/connection.ts";
import { DockerSupervisor } from "../../../main/stack/docker/supervisor.ts";
import { askCompose } from "./oracle.ts";

let count = 0;

/** A compose project of its own for one test, with all that it leaves on the daemon. */
export class Project {
  readonly name: string;
  readonly folder = mkdtempSync(join(tmpdir(), "stack-"));
  readonly file = join(this.folder, "compose.yaml");
  readonly logs = join(this.folder, "logs");
  readonly #open: DockerSupervisor[] = [];
  #docker: Docker | undefined;

  constructor(services: string) {
    count += 1;
    this.name = `bft-${process.pid}-${count}`;
    mkdirSync(this.logs);
    this.write(services);
  }

  write(services: string): void {
    writeFileSync(this.file, `name: ${this.name}\n${services}`);
  }

  plan(profiles?: readonly string[]) {
    return loadPlan({
      files: [this.file],
      environment: process.env,
      ...(profiles ? { profiles } : {}),
    });
  }

  async supervisor(): Promise<DockerSupervisor> {
    const connection = await connect();
    this.#docker = connection.docker;
    const supervisor = await new DockerSupervisor(connection, this.plan(), this.logs).open();
    this.#open.push(supervisor);
    return supervisor;
  }

  async docker(): Promise<Docker> {
    this.#docker ??= (await connect()).docker;
    return this.#docker;
  }

  compose(...args: string[]): string {
    const asked = askCompose(["-f", this.file, ...args]);
    if (!asked.ok) throw new Error(asked.errors);
    return asked.output;
  }

  async containers() {
    const docker = await this.docker();
    return docker.listContainers({
      all: true,
      filters: { label: [`com.docker.compose.project=${this.name}`] },
    });
  }

  async inspect(service: string, number = 1) {
    const docker = await this.docker();
    return docker.getContainer(`${this.name}-${service}-${number}`).inspect();
  }

  /** What of this project is left on the daemon: nothing should be after `down`. */
  left(): string[] {
    const filter = `label=com.docker.compose.project=${this.name}`;
    const list = (...args: string[]) =>
      execFileSync("docker", [...args, "--filter", filter], { encoding: "utf8" })
        .trim()
        .split("\n")
        .filter(Boolean);
    return [
      ...list("ps", "--all", "--format", "container {{.Names}}"),
      ...list("network", "ls", "--format", "network {{.Name}}"),
      ...list("volume", "ls", "--format", "volume {{.Name}}"),
    ];
  }

  async remove(): Promise<void> {
    await Promise.all(this.#open.map((one) => one.close()));
    for (const { Id } of await this.containers()) {
      await (await this.docker()).getContainer(Id).remove({ force: true, v: true });
    }
    askCompose(["-f", this.file, "--project-name", this.name, "down", "--volumes"]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
