import type Docker from "dockerode";
import { expect, test } from "vitest";
import { endFailure } from "../../../main/stack/docker/failures.ts";
import type { Observed } from "../../../main/stack/docker/observed.ts";
import { startFailure } from "../../../main/stack/native/failures.ts";

const STARTED = "2026-01-02T03:04:05.25Z";
const BEFORE = "2026-01-02T03:04:04.999999999Z";
const AFTER = "2026-01-02T03:04:05.500000000Z";

const BROKEN_MODEL = [
  "Traceback (most recent call last):",
  '  File "/app/model.py", line 7, in load',
  "KeyError: 'learner'",
];
const SHUTDOWN = [
  "INFO:     Shutting down",
  "asyncio.exceptions.CancelledError",
  ...Array.from({ length: 40 }, (_, at) => `INFO:     worker ${at} has ended`),
  "INFO:     Finished server process [1]",
];

const at = (time: string, lines: readonly string[]) => lines.map((line) => `${time} ${line}`);

/** What the daemon sends of a container without a terminal: each line in a frame. */
function framed(lines: readonly string[]): Buffer {
  return Buffer.concat(
    lines.flatMap((line) => {
      const payload = Buffer.from(`${line}\n`);
      const header = Buffer.alloc(8);
      header.writeUInt8(2, 0);
      header.writeUInt32BE(payload.length, 4);
      return [header, payload];
    }),
  );
}

/** A daemon that knows one container, and tells of its log what it is asked for. */
function daemonWith(log: readonly string[]): Docker {
  const container = {
    inspect: async () => ({ Config: { Tty: false }, State: { StartedAt: STARTED } }),
    logs: async ({ tail = 0 }) => framed(log.slice(-tail)),
  };
  return { getContainer: () => container } as unknown as Docker;
}

const CONTAINER = { id: "c1", name: "stack-model-1", exitCode: 3 } as Observed;

const failureOf = (log: readonly string[]) =>
  endFailure(daemonWith(log), "model", CONTAINER, "exited").then(({ problem }) => problem);

test("a process's failure is named, although it said more while it shut down", async () => {
  const { problem } = await startFailure({
    name: "model",
    ports: {},
    log: "model.log",
    lines: [...BROKEN_MODEL, ...SHUTDOWN],
    exit: { code: 3, signal: null },
    deadlineMs: 1000,
  });
  expect(problem).toMatchObject({
    code: "service.exited_at_start",
    detail: "model ended with exit code 3 before it was ready. It said: KeyError: 'learner'",
  });
  expect(problem.where?.last_lines).toHaveLength(20);
});

test("a container's failure is named, although it said more while it shut down", async () => {
  const problem = await failureOf(at(AFTER, [...BROKEN_MODEL, ...SHUTDOWN]));
  expect(problem).toMatchObject({
    code: "docker.exited_at_start",
    detail: "model ended with exit code 3 before it was ready. It said: KeyError: 'learner'",
  });
  const lines = problem.where?.last_lines as string[];
  expect(lines).toHaveLength(20);
  expect(lines.at(-1)).toBe("INFO:     Finished server process [1]");
});

test("what a container died of before is not the cause of this end", async () => {
  const { detail } = await failureOf([
    ...at(BEFORE, BROKEN_MODEL),
    ...at(AFTER, ["reading the settings", "fatal: the settings are not valid", ""]),
  ]);
  expect(detail).toMatch(/ Its last line: fatal: the settings are not valid$/);
});

test("of a container that said nothing since it was started, the last line is told", async () => {
  expect((await failureOf(at(BEFORE, [...BROKEN_MODEL, "bye"]))).detail).toMatch(
    / Its last line: bye$/,
  );
  expect((await failureOf([])).detail).toMatch(/before it was ready\.$/);
});
