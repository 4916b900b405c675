import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { WorkbenchError } from "../../../../contract/problem.ts";
import type { ServiceView } from "../../../../contract/service.ts";
import { examine } from "../../../runtime/doctor.ts";
import { Workspace } from "../../../runtime/workspace.ts";
import { canonical } from "../../../stack/compose/canonical.ts";
import { loadPlan } from "../../../stack/compose/load.ts";
import { stackChecks } from "../../../stack/doctor/stack-checks.ts";
import { attach, attachIfOwned, type Client } from "../attach.ts";
import { checkLines } from "../check-lines.ts";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { withStackProgress } from "../stack-choice.ts";
import { table } from "../terminal.ts";

const BUNDLES = join(import.meta.dirname, "../../../../compose-bundles/compose.yaml");
type Supervisor = ServiceView["supervisor"];
type Choice = { docker?: boolean; native?: boolean; profile?: string[] | undefined };

export function addStack(program: Command): void {
  const stack = program.command("stack").description("the services around the workbench");
  const choosing = (command: Command) =>
    command
      .option("--native", "as plain processes of this machine")
      .option("--docker", "as containers");

  choosing(stack.command("up").description("bring services up, and return when they are ready"))
    .option("--profile <name...>", "profiles to bring up; without, the core", ["core"])
    .option("--build", "build images anew")
    .action(async (given: Choice & { build?: boolean }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const profiles = given.profile ?? ["core"];
      await attached(workspaceOf(options), async (client) => {
        const supervisor = await supervisorOf(client, given);
        const build = Boolean(given.build);
        await withStackProgress(client, () =>
          client.stack.up.mutate({ supervisor, profiles, build }),
        );
        const up = await servicesOf(client, { [supervisor]: true, profile: profiles });
        printServices(options, up);
        if (!options.json) process.stdout.write(pagesOf(up));
      });
    });

  choosing(stack.command("down").description("end services; data stays"))
    .option("--profile <name...>", "only services that no other profile in use has")
    .option("--volumes", "remove the containers' data as well")
    .action(async (given: Choice & { volumes?: boolean }, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { profile: profiles, volumes = false } = given;
      if (profiles && volumes) throw exclude("--volumes", "--profile");
      await attached(workspaceOf(options), async (client) => {
        const supervisor = await supervisorOf(client, given);
        await client.stack.down.mutate({ supervisor, volumes, ...(profiles && { profiles }) });
        printServices(options, await servicesOf(client, { ...given, [supervisor]: true }));
      });
    });

  choosing(stack.command("ps").description("services and their state"))
    .option("--profile <name...>", "only services of these profiles")
    .action(async (given: Choice, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const workspace = workspaceOf(options);
      // Processes end with their workbench; containers may run without one.
      const outlive = existsSync(join(new Workspace(workspace).run, "docker-stack.json"));
      const owner = await (outlive ? attach(workspace) : attachIfOwned(workspace));
      try {
        printServices(options, owner ? await servicesOf(owner.client, given) : []);
      } finally {
        await owner?.close();
      }
    });

  choosing(stack.command("restart [service]").description("stop services and start them again"))
    .option("--profile <name...>", "all services of these profiles that are up")
    .action(async (service: string | undefined, given: Choice, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const supervisor = await supervisorOf(client, given);
        const up = async () =>
          (await servicesOf(client, { profile: given.profile, [supervisor]: true }))
            .filter(({ state }) => state !== "stopped")
            .map((one) => one.service);
        const services = service === undefined ? await up() : [service];
        printServices(options, await client.stack.restart.mutate({ services, supervisor }));
      });
    });

  choosing(stack.command("logs <service>").description("what a service says"))
    .option("--tail <lines>", "how many of its last lines", "100")
    .option("--follow", "go on until interrupted")
    .action(
      async (
        service: string,
        given: Choice & { tail: string; follow?: boolean },
        command: Command,
      ) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        await attached(workspaceOf(options), async (client) => {
          const supervisor = await supervisorOf(client, given);
          const which = { service, supervisor, tail: Number(given.tail) };
          await showLog(client, which, Boolean(given.follow));
        });
      },
    );

  choosing(
    stack.command("doctor").description("whether this machine can run the stack, and what of it"),
  )
    .option("--profile <name...>", "profiles that are to run; without, the core", ["core"])
    .action(async (given: Choice, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { docker, native, profile: profiles = ["core"] } = given;
      if (docker && native) throw exclude("--docker", "--native");
      const workspace = workspaceOf(options);
      const owner = await attachIfOwned(workspace);
      const inUse = owner ? await owner.client.stack.memory.query() : 0;
      await owner?.close();
      const stackOnes = await stackChecks({
        ...{ workspace, profiles, inUse },
        ...(docker || native ? { supervisor: docker ? "docker" : "native" } : {}),
      });
      const checks = [...examine(workspace), ...stackOnes];
      print(options, { checks }, () => checkLines(checks));
      if (checks.some(({ state }) => state === "missing")) process.exitCode = 1;
    });

  stack
    .command("config")
    .description("print compose files as one canonical document")
    .option("-f, --file <file...>", "compose files; without, those of the product")
    .option("--profile <name...>", "profiles to take in")
    .action((given: { file?: string[]; profile?: string[] }) => {
      const plan = loadPlan({
        files: given.file ?? [BUNDLES],
        environment: process.env,
        ...(given.profile ? { profiles: given.profile } : {}),
      });
      for (const warning of plan.warnings) process.stderr.write(`${warning}\n`);
      process.stdout.write(`${JSON.stringify(canonical(plan), null, 2)}\n`);
    });
}

function exclude(one: string, other: string): WorkbenchError {
  return new WorkbenchError({
    code: "stack.which",
    detail: `${one} and ${other} exclude each other.`,
    hint: "Give one of them.",
  });
}

/** Which supervisor is meant; without a word, the one that the workspace's services run under. */
async function supervisorOf(client: Client, { docker, native }: Choice): Promise<Supervisor> {
  if (docker && native) throw exclude("--docker", "--native");
  if (docker || native) return docker ? "docker" : "native";
  return await client.stack.supervisor.query();
}

/** Of both supervisors, unless one is named. */
async function servicesOf(
  client: Client,
  { docker, native, profile }: Choice,
): Promise<ServiceView[]> {
  const all = await client.stack.list.query();
  return all.filter(
    (one) =>
      (docker === native || one.supervisor === (docker ? "docker" : "native")) &&
      (!profile || one.profiles.some((name) => profile.includes(name))),
  );
}

/** Pages that a person can open now, with the token where a page asks for one. */
function pagesOf(services: readonly ServiceView[]): string {
  return services.map(({ service, page }) => (page ? `${service}: ${page}\n` : "")).join("");
}

function printServices(options: GlobalOptions, services: readonly ServiceView[]): void {
  const shown = services.map(({ service, state, health, ports, supervisor, since }) => ({
    ...{ service, state, health, ports, supervisor, since },
  }));
  // That a step has done its work and is stopped is no news.
  const told = services
    .filter(({ state }) => state !== "stopped")
    .flatMap(({ service, notices }) => notices.map((notice) => `\n${service}: ${notice}`));
  print(options, shown, () =>
    shown.length === 0
      ? "Nothing is up."
      : table(
          ["SERVICE", "STATE", "HEALTH", "PORTS", "SUPERVISOR", "SINCE"],
          shown.map((one) => [
            ...[one.service, one.state, one.health],
            Object.entries(one.ports)
              .map(([name, port]) => `${name}:${port}`)
              .join(" "),
            ...[one.supervisor, one.since?.slice(0, 19).replace("T", " ") ?? "–"],
          ]),
        ) + told.join(""),
  );
}

function showLog(
  client: Client,
  which: { service: string; supervisor: ServiceView["supervisor"]; tail: number },
  follow: boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let quiet: NodeJS.Timeout | undefined;
    const end = () => {
      watching.unsubscribe();
      resolve();
    };
    // What is there comes at once; then a log that is not followed has been shown.
    const endWhenQuiet = () => {
      clearTimeout(quiet);
      if (!follow) quiet = setTimeout(end, 400);
    };
    const watching = client.stack.logs.subscribe(which, {
      onStarted: endWhenQuiet,
      onData: (lines) => {
        process.stdout.write(lines.map((line) => `${line}\n`).join(""));
        endWhenQuiet();
      },
      onError: reject,
      onComplete: resolve,
    });
    process.once("SIGINT", end);
  });
}
