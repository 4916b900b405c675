import { expect, test } from "vitest";
import { remedyFor } from "../../../main/stack/docker/remedies.ts";

const problem = (code: string) => ({ code, detail: "", hint: "" });
const LINUX = { platform: "linux", user: "ann", asksInWindow: false } as const;

test("on Linux, a person is told the command that needs a password", () => {
  expect(remedyFor(problem("docker.unreachable"), LINUX)).toMatchObject({
    command: ["sudo", "systemctl", "start", "docker"],
    can_run: false,
  });
  const group = remedyFor(problem("docker.permission"), LINUX);
  expect(group?.command).toEqual(["sudo", "usermod", "-aG", "docker", "ann"]);
  expect(group?.does).toContain("what root can");
});

test("where the system can ask for the password itself, the workbench can do it", () => {
  const remedy = remedyFor(problem("docker.permission"), { ...LINUX, asksInWindow: true });
  expect(remedy).toMatchObject({ can_run: true });
  expect(remedy?.command[0]).toBe("pkexec");
  expect(remedy?.does).toContain("password");
});

test("elsewhere, Docker Desktop is opened", () => {
  const on = (platform: NodeJS.Platform) =>
    remedyFor(problem("docker.unreachable"), { ...LINUX, platform });
  expect(on("darwin")).toMatchObject({ command: ["open", "-g", "-a", "Docker"], can_run: true });
  expect(on("win32")?.command[0]).toMatch(/Docker Desktop\.exe$/);
});

test("there is none for what has nothing to do with it", () => {
  expect(remedyFor(problem("docker.bad_address"), LINUX)).toBeNull();
});
