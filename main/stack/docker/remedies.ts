import { existsSync } from "node:fs";
import { userInfo } from "node:os";
import type { Problem } from "../../../contract/problem.ts";
import type { Remedy } from "../../../contract/service.ts";

interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly user: string;
  /** Whether the system can ask for a password in a window. */
  readonly asksInWindow: boolean;
}

/** What a person can have done about a daemon that does not answer; nothing for other problems. */
export function remedyFor(problem: Problem, around: Surroundings = thisMachine()): Remedy | null {
  if (problem.code === "docker.permission" && around.platform === "linux") {
    return asRoot(around, ["usermod", "-aG", "docker", around.user], {
      title: `Add ${around.user} to the group docker`,
      does: `Lets ${around.user} speak to Docker, and with it do on this machine what root can. It counts from the next log-in on.`,
    });
  }
  if (problem.code !== "docker.unreachable") return null;
  if (around.platform === "linux") {
    return asRoot(around, ["systemctl", "start", "docker"], {
      title: "Start Docker",
      does: "Starts the system's service docker. It stays up until the machine is turned off.",
    });
  }
  const command =
    around.platform === "darwin"
      ? ["open", "-g", "-a", "Docker"]
      : ["C:\\Program Files\\Docker\\Docker\\Docker Desktop.exe"];
  return {
    title: "Start Docker Desktop",
    does: "Opens Docker Desktop. Its daemon answers after half a minute or so.",
    command,
    can_run: true,
  };
}

function asRoot(
  { asksInWindow }: Surroundings,
  command: string[],
  told: Pick<Remedy, "title" | "does">,
): Remedy {
  if (!asksInWindow) return { ...told, command: ["sudo", ...command], can_run: false };
  const does = `${told.does} You are asked for a password.`;
  return { ...told, does, command: ["pkexec", ...command], can_run: true };
}

function thisMachine(): Surroundings {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return {
    platform: process.platform,
    user: userInfo().username,
    asksInWindow: Boolean(DISPLAY || WAYLAND_DISPLAY) && existsSync("/usr/bin/pkexec"),
  };
}
