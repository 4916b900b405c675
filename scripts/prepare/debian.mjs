// The administrator of a Debian machine gets what is missing from there; nobody else's system is
// changed, and everybody else is told what to install.
import { existsSync } from "node:fs";
import { run } from "./run.mjs";

const aptGet = "/usr/bin/apt-get";

export function canInstallDebianPackages() {
  return process.getuid?.() === 0 && existsSync(aptGet);
}

/**
 * @param {readonly string[]} packages
 * @param {{signal?: AbortSignal | undefined, onLine?: (line: string) => void}} options
 */
export async function installDebianPackages(packages, options) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run(aptGet, ["update", "-qq"], { env, ...options });
  const install = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
  await run(aptGet, install, { env, ...options });
}
