import { appendFileSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { DockerStack } from "../../../main/stack/docker/docker-stack.ts";
import { WorkspaceOverlay } from "../../../main/stack/docker/workspace-overlay.ts";
import { NativeStack } from "../../../main/stack/native/native-stack.ts";
import { StackView } from "../../../main/stack/stack-view.ts";
import { nativeSupervisor } from "./support/native-supervisor.ts";
import { testService } from "./support/test-services.ts";

const native = nativeSupervisor();
let view: StackView;

beforeEach(async () => {
  view = new StackView(
    new NativeStack(native.supervisor, [testService("one")]),
    new DockerStack({
      files: [],
      overlay: new WorkspaceOverlay(`${native.folder}/overlay.yaml`, native.folder),
      workspace: native.folder,
      runFolder: native.folder,
      logFolder: native.folder,
      variables: () => ({}),
    }),
  );
  native.supervisor.add({ ...testService("one"), page: "/page" });
  await view.start("one", "native");
});

test("a service has a page to open only while it is ready", async () => {
  const [one] = await view.list();
  expect(one).toMatchObject({ service: "one", state: "ready", supervisor: "native" });
  expect(one?.page).toBe(`http://127.0.0.1:${one?.ports.http}/page`);
  expect(await view.stop("one", "native")).toMatchObject({
    state: "stopped",
    page: null,
    pid: null,
  });
});

test("who has services ended is heard before they end", async () => {
  const states: string[] = [];
  view.ended.subscribe(() => states.push(native.supervisor.statusOf("one").state));
  await view.stop("one", "native");
  expect(states).toEqual(["ready"]);
});

test("usage is that of the process, and of nothing that has ended", async () => {
  const usage = view.usage();
  const [first] = (await usage.next()).value ?? [];
  expect(await view.memory()).toBeGreaterThan(1e6);
  expect(first).toMatchObject({ service: "one", supervisor: "native" });
  expect(first?.memory).toBeGreaterThan(1e6);
  expect(first?.cpu).toBeGreaterThanOrEqual(0);
  await native.supervisor.stop("one");
  expect((await usage.next()).value).toEqual([]);
  expect(await view.memory()).toBe(0);
  await usage.return(undefined);
});

test("a log is read from its last lines on, and its end is waited for", async () => {
  const { log } = native.supervisor.statusOf("one");
  appendFileSync(log, "a\nb\nc\n");
  const leave = new AbortController();
  const reading = view.logs("one", 2, leave.signal, "native");
  expect((await reading.next()).value).toEqual(["b", "c"]);
  appendFileSync(log, "d\n");
  expect((await reading.next()).value).toEqual(["d"]);
  const last = reading.next();
  leave.abort();
  expect((await last).done).toBe(true);
});

test("of a flood of lines the newest arrive, and memory stays bounded", async () => {
  const { log } = native.supervisor.statusOf("one");
  const lines = Array.from({ length: 50_000 }, (_, at) => `line ${at}`);
  const leave = new AbortController();
  const reading = view.logs("one", 0, leave.signal, "native");
  const first = reading.next();
  appendFileSync(log, `${lines.join("\n")}\n`);
  let newest = (await first).value?.at(-1);
  while (newest !== "line 49999") newest = (await reading.next()).value?.at(-1);
  leave.abort();
  expect((await reading.next()).done).toBe(true);
});
