import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { problemOf, WorkbenchError } from "../../../contract/problem.ts";
import { identify } from "../../../main/runtime/processes.ts";
import type { ServiceState, ServiceStatus } from "../../../main/stack/service.ts";
import { nativeSupervisor } from "./support/native-supervisor.ts";
import { testService, testSupervisor } from "./support/test-services.ts";

const native = nativeSupervisor();

const answer = async (status: ServiceStatus): Promise<string> =>
  (await fetch(`http://127.0.0.1:${status.ports.http}/`)).text();

const failure = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => expect.fail("it should have failed"),
    (thrown: unknown) => thrown,
  );
  return problemOf(error);
};

const becomes = (name: string, ...states: ServiceState[]): Promise<ServiceStatus> =>
  new Promise((resolve) => {
    const leave = native.supervisor.changed.subscribe((status) => {
      if (status.name !== name || !states.includes(status.state)) return;
      leave();
      resolve(status);
    });
  });

const isGone = async (pid: number): Promise<boolean> => (await identify(pid)) === undefined;

test("a service is ready when it answers, and gone with its record when it is stopped", async () => {
  const states: ServiceState[] = [];
  native.supervisor.changed.subscribe((status) => {
    if (states.at(-1) !== status.state) states.push(status.state);
  });
  native.supervisor.add(testService("one"));
  const status = await native.supervisor.start("one");
  expect(await answer(status)).toBe("ok");
  expect(JSON.parse(readFileSync(join(native.folder, "run/services.json"), "utf8"))).toMatchObject({
    one: { pid: status.pid, ports: status.ports },
  });
  await native.supervisor.stop("one");
  expect(states).toEqual(["starting", "ready", "stopping", "stopped"]);
  expect(await isGone(status.pid as number)).toBe(true);
  expect(JSON.parse(readFileSync(join(native.folder, "run/services.json"), "utf8"))).toEqual({});
});

test("dependencies start first and stop last", async () => {
  const env = { JOURNAL: join(native.folder, "journal") };
  native.supervisor.add(testService("app", { dependsOn: ["store", "queue"], env }));
  native.supervisor.add(testService("queue", { dependsOn: ["store"], env }));
  native.supervisor.add(testService("store", { env }));
  await native.supervisor.start("app");
  await native.supervisor.stop("store");
  expect(readFileSync(env.JOURNAL, "utf8").trim().split("\n")).toEqual([
    "start store",
    "start queue",
    "start app",
    "stop app",
    "stop queue",
    "stop store",
  ]);
});

test("services that depend on each other in a circle are refused by name", async () => {
  native.supervisor.add(testService("a", { dependsOn: ["b"] }));
  native.supervisor.add(testService("b", { dependsOn: ["a"] }));
  const problem = await failure(native.supervisor.start("a"));
  expect(problem.code).toBe("service.dependency_cycle");
  expect(problem.detail).toContain("a → b → a");
});

test("a service that ends at start is shown with its last lines and its log", async () => {
  native.supervisor.add(testService("broken", { env: { EXIT_CODE: "3" } }));
  const problem = await failure(native.supervisor.start("broken"));
  expect(problem.code).toBe("service.exited_at_start");
  expect(problem.detail).toContain("exit code 3");
  expect(problem.detail).toContain("fatal: the settings are not valid");
  expect(problem.hint).toContain(join(native.folder, "logs", "broken.log"));
  expect(native.supervisor.statusOf("broken").state).toBe("failed");
});

test("a service that never answers is ended when its time is up", async () => {
  native.supervisor.add(testService("mute", { env: { SILENT: "1" }, deadlineMs: 400 }));
  expect((await failure(native.supervisor.start("mute"))).code).toBe("service.not_ready");
  expect(native.supervisor.statusOf("mute").pid).toBeNull();
});

test("a program that does not exist is named", async () => {
  native.supervisor.add(
    testService("absent", { executable: join(native.folder, "no-such-program") }),
  );
  const problem = await failure(native.supervisor.start("absent"));
  expect(problem.code).toBe("service.cannot_start");
  expect(problem.hint).toContain("no-such-program");
});

test("a service that is killed comes back on the same port", async () => {
  native.supervisor.add(testService("tough"));
  const before = await native.supervisor.start("tough");
  const back = becomes("tough", "ready");
  process.kill(before.pid as number, "SIGKILL");
  const after = await back;
  expect(after.pid).not.toBe(before.pid);
  expect(after.ports).toEqual(before.ports);
  expect(after.restarts).toBe(1);
  expect(await answer(after)).toBe("ok");
});

test.each(["backing_off", "starting"] as const)(
  "whoever asks for a service that crashed and is %s gets the same new process",
  async (state) => {
    const env = { JOURNAL: join(native.folder, "journal") };
    native.supervisor.add(testService("wanted", { env }));
    const { pid } = await native.supervisor.start("wanted");
    const reached = becomes("wanted", state);
    process.kill(pid as number, "SIGKILL");
    await reached;
    const asked = await Promise.all([
      native.supervisor.start("wanted"),
      native.supervisor.start("wanted"),
    ]);
    expect(asked.map((status) => status.state)).toEqual(["ready", "ready"]);
    const starts = readFileSync(env.JOURNAL, "utf8").trim().split("\n");
    expect(starts).toEqual(["start wanted", "start wanted"]);
  },
);

test("a service that keeps crashing is given up, and says why", async () => {
  const env: Record<string, string> = {};
  native.supervisor.add(testService("doomed", { env }));
  const { pid } = await native.supervisor.start("doomed");
  const end = becomes("doomed", "failed");
  env.EXIT_CODE = "3";
  process.kill(pid as number, "SIGKILL");
  const status = await end;
  expect(status.restarts).toBe(3);
  expect(status.problem?.code).toBe("service.exited_at_start");
});

test("stopping a service that waits for its next restart leaves it stopped", async () => {
  native.supervisor.add(testService("paused"));
  const { pid } = await native.supervisor.start("paused");
  const waiting = becomes("paused", "backing_off");
  process.kill(pid as number, "SIGKILL");
  await waiting;
  await native.supervisor.stop("paused");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(native.supervisor.statusOf("paused")).toMatchObject({ state: "stopped", pid: null });
});

test("stopping during the start ends the process and tells who waited", async () => {
  native.supervisor.add(testService("hasty", { env: { SILENT: "1" } }));
  const failed = failure(native.supervisor.start("hasty"));
  let pid: number | null = null;
  while (pid === null) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    pid = native.supervisor.statusOf("hasty").pid;
  }
  await native.supervisor.stop("hasty");
  expect((await failed).code).toBe("service.stopped");
  expect(await isGone(pid)).toBe(true);
  expect(native.supervisor.statusOf("hasty").state).toBe("stopped");
});

test("what does not listen to the polite request is ended all the same, with its children", async () => {
  native.supervisor.add(
    testService("stubborn", { env: { IGNORE_SIGTERM: "1", CHILD: "1" }, stopGraceMs: 200 }),
  );
  const { pid } = await native.supervisor.start("stubborn");
  const lines: string[] = [];
  for await (const line of native.supervisor.logs("stubborn", { tail: 10 })) lines.push(line);
  const child = Number(/child (\d+)/.exec(lines.join("\n"))?.[1]);
  await native.supervisor.stop("stubborn");
  expect([await isGone(pid as number), await isGone(child)]).toEqual([true, true]);
});

test("a port that another program has taken is given up, and its holder named", async () => {
  native.supervisor.add(testService("mover"));
  const before = await native.supervisor.start("mover");
  await native.supervisor.stop("mover");
  const other = createServer().listen(before.ports.http, "127.0.0.1");
  await once(other, "listening");
  try {
    const after = await native.supervisor.start("mover");
    expect(after.ports.http).not.toBe(before.ports.http);
    expect(await answer(after)).toBe("ok");
    expect(after.notices.join()).toContain(`Port ${before.ports.http} is held by`);
    if (process.platform === "linux") expect(after.notices.join()).toContain(`${process.pid}`);
  } finally {
    other.close();
  }
});

test("what an earlier attempt left is looked at before each launch, and may forbid it", async () => {
  const looked = vi.fn();
  const spec = { ...testService("one"), beforeLaunch: looked };
  native.supervisor.add(spec);
  await native.supervisor.start("one");
  await native.supervisor.restart("one");
  expect(looked).toHaveBeenCalledTimes(2);
  const full = () => {
    throw new WorkbenchError({ code: "disk.full", detail: "Full.", hint: "Free some." });
  };
  native.supervisor.add({ ...testService("two"), beforeLaunch: full });
  await expect(native.supervisor.start("two")).rejects.toMatchObject({ message: "Full." });
  expect(native.supervisor.statusOf("two")).toMatchObject({ state: "failed", pid: null });
});

test("after a crash of the workbench, services are adopted if they are the same, or ended", async () => {
  const program = join(import.meta.dirname, "programs/crashing-owner.ts");
  const owner = spawn(process.execPath, [program, native.folder], { stdio: "inherit" });
  expect(await once(owner, "exit")).toEqual([null, "SIGKILL"]);
  const left = JSON.parse(readFileSync(join(native.folder, "run/services.json"), "utf8"));
  expect(Object.keys(left).sort()).toEqual(["changed", "forgotten", "kept"]);

  const launching = vi.fn();
  native.supervisor.add({ ...testService("kept"), beforeLaunch: launching });
  native.supervisor.add(testService("changed", { revision: "new" }));
  const [kept, changed] = await Promise.all([
    native.supervisor.start("kept"),
    native.supervisor.start("changed"),
  ]);
  expect(kept).toMatchObject({ adopted: true, pid: left.kept.pid, ports: left.kept.ports });
  expect(launching).not.toHaveBeenCalled();
  expect(changed).toMatchObject({ adopted: false, ports: left.changed.ports });
  expect(await isGone(left.changed.pid)).toBe(true);

  expect(await native.supervisor.endOrphans()).toEqual(["forgotten"]);
  expect(await isGone(left.forgotten.pid)).toBe(true);

  const back = becomes("kept", "ready");
  process.kill(left.kept.pid, "SIGKILL");
  expect((await back).adopted).toBe(false);
});

test("a record whose pid belongs to another program by now harms nobody", async () => {
  const bystander = spawn(process.execPath, ["-e", "setInterval(() => undefined, 1000)"], {
    detached: true,
  });
  native.supervisor.add(testService("innocent"));
  await native.supervisor.start("innocent");
  await native.supervisor.stop("innocent");
  const record = { pid: bystander.pid, started: "another-boot:1", ports: {}, fingerprint: "" };
  writeFileSync(join(native.folder, "run/services.json"), JSON.stringify({ innocent: record }));
  try {
    expect(await testSupervisor(native.folder).endOrphans()).toEqual(["innocent"]);
    expect(await isGone(bystander.pid as number)).toBe(false);
  } finally {
    bystander.kill("SIGKILL");
  }
});

test("a log is followed while it is written", async () => {
  native.supervisor.add(testService("talker"));
  const leave = new AbortController();
  const seen: string[] = [];
  await native.supervisor.start("talker");
  const following = (async () => {
    for await (const line of native.supervisor.logs("talker", { tail: 5, follow: leave.signal })) {
      seen.push(line);
      if (seen.filter((text) => text === "listening").length === 2) leave.abort();
    }
  })();
  await native.supervisor.restart("talker");
  await following;
  expect(seen.filter((text) => text === "listening")).toHaveLength(2);
});

// Windows has no signal that halts a process.
test.skipIf(process.platform === "win32")(
  "a service that runs and no longer answers is ended and started again",
  async () => {
    native.supervisor = testSupervisor(native.folder, { everyMs: 50, misses: 2 });
    native.supervisor.add(testService("one", { stopGraceMs: 100 }));
    const status = await native.supervisor.start("one");
    const told = becomes("one", "backing_off");
    const again = becomes("one", "ready");
    process.kill(status.pid as number, "SIGSTOP");
    expect((await told).problem?.code).toBe("service.hung");
    const healed = await again;
    expect(healed.pid).not.toBe(status.pid);
    expect(await isGone(status.pid as number)).toBe(true);
    expect(await answer(healed)).toBe("ok");
  },
  30_000,
);
