import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

let project: Project;
afterEach(() => project.remove());

function collected(service: string): string[] {
  const text = readFileSync(join(project.logs, `${project.name}-${service}.log`), "utf8");
  // Without the times that the daemon gave them.
  return text
    .trimEnd()
    .split("\n")
    .map((line) => line.slice(line.indexOf(" ") + 1));
}

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("what containers say", () => {
  test("every line is in the file once, however fast it comes", async () => {
    const lines = 150_000;
    project = new Project(`services: {a: {image: ${TEST_IMAGE}, command: [seq, "1", "${lines}"]}}`);
    const supervisor = await project.supervisor();
    const before = process.memoryUsage.rss();
    await supervisor.up();
    await supervisor.logsWritten();
    const found = collected("a");
    expect(found).toHaveLength(lines);
    expect(found.every((line, index) => line === String(index + 1))).toBe(true);
    expect(process.memoryUsage.rss() - before).toBeLessThan(200 * 2 ** 20);
  });

  test("a workbench that comes back goes on where the last one stopped", async () => {
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, init: true, stop_grace_period: 1s, command: [sh, -c, "i=0; while true; do i=$$((i+1)); echo $$i; sleep 0.02; done"]}}`,
    );
    const first = await project.supervisor();
    await first.up();
    await expect.poll(() => collected("a").length, { timeout: 20_000 }).toBeGreaterThan(5);
    await first.close();
    const stopped = collected("a").length;
    const second = await project.supervisor();
    await expect
      .poll(() => collected("a").length, { timeout: 20_000 })
      .toBeGreaterThan(stopped + 20);
    await second.down();
    const found = collected("a");
    expect(found).toEqual(found.map((_, index) => String(index + 1)));
  });

  test("a line that was cut off when the workbench was killed is written to its end", async () => {
    const lines = 2000;
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, command: [sh, -c, "seq 1 ${lines}; printf end"]}}`,
    );
    const first = await project.supervisor();
    await first.up();
    await first.logsWritten();
    const [all, file] = [collected("a"), join(project.logs, `${project.name}-a.log`)];
    expect(all.at(-1)).toBe("end");
    await first.close();
    // In the middle of a time, of a line, at a line's end, and with nothing missing.
    for (const bytes of [20_010, 20_003, 20_000, 0]) {
      truncateSync(file, statSync(file).size - bytes);
      const next = await project.supervisor();
      await expect.poll(() => collected("a").length, { timeout: 20_000 }).toBe(all.length);
      await next.logsWritten();
      await next.close();
      expect(collected("a")).toEqual(all);
    }
  });

  test("a workbench that is killed in a flood of lines loses and doubles none", async () => {
    const lines = 100_000;
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, x-service: {step: true}, command: [seq, "1", "${lines}"]}}`,
    );
    for (const wait of [300, 50, 100, 150]) {
      const app = spawn(process.execPath, [
        ...[join(import.meta.dirname, "support/bring-up.ts"), project.file, project.logs],
      ]);
      // It may be done before it is killed.
      const gone = once(app, "exit");
      await once(app.stdout, "data");
      await sleep(wait);
      app.kill("SIGKILL");
      await gone;
    }
    const supervisor = await project.supervisor();
    await supervisor.up();
    await supervisor.logsWritten();
    const found = collected("a");
    expect(found).toHaveLength(lines);
    expect(found.every((line, index) => line === String(index + 1))).toBe(true);
  });

  test("a container that is started again goes on in the same file", async () => {
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, restart: "no", command: [echo, hello]}}`,
    );
    const supervisor = await project.supervisor();
    await supervisor.up();
    await supervisor.logsWritten();
    const [container] = await project.containers();
    await (await project.docker()).getContainer(container?.Id as string).start();
    await expect.poll(() => collected("a"), { timeout: 20_000 }).toEqual(["hello", "hello"]);
  });

  test("standard error is there too, and what is followed comes as it is written", async () => {
    project = new Project(
      `services: {a: {image: ${TEST_IMAGE}, command: [sh, -c, "echo out; echo err >&2"]}}`,
    );
    const supervisor = await project.supervisor();
    await supervisor.up();
    await supervisor.logsWritten();
    expect(collected("a").sort()).toEqual(["err", "out"]);
  });
});
