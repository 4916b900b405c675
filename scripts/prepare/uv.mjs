// Finds uv, or installs the version that uv.txt pins into the project's cache, without root.
import { createHash, randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { canInstallDebianPackages, installDebianPackages } from "./debian.mjs";
import { exclusively } from "./exclusive.mjs";
import { logTo } from "./log.mjs";
import { indexSettings } from "./package-index.mjs";
import { cacheFolder } from "./places.mjs";
import { installProblem, PrepareError } from "./problem.mjs";
import { findPython } from "./python.mjs";
import { ProgramError, run } from "./run.mjs";

const oldestUsable = [0, 7];
const program = process.platform === "win32" ? "uv.exe" : "uv";
const pinFile = path.join(import.meta.dirname, "uv.txt");

/**
 * @param {{onMessage?: (message: string) => void, signal?: AbortSignal | undefined}} [options]
 * @returns {Promise<string>} path of a uv that can be used
 */
export async function ensureUv({ onMessage = () => undefined, signal } = {}) {
  const pin = readFileSync(pinFile, "utf8");
  const version = /^uv==([^\s\\]+)/m.exec(pin)?.[1] ?? "";
  const home = path.join(cacheFolder, "uv", version);
  const own = path.join(home, "bin", program);
  if (existsSync(own)) return own;
  const present = await findOnMachine(signal);
  if (present) return present;
  const onWait = () => onMessage("waiting for another set-up to install uv");
  return await exclusively("uv", { onWait, signal }, async () => {
    if (existsSync(own)) return own;
    onMessage(`installing uv ${version}`);
    removeDrafts(home);
    const draft = `${home}.${randomUUID()}`;
    try {
      await install(draft, pin, onMessage, signal);
      rmSync(home, { recursive: true, force: true });
      renameSync(draft, home);
    } finally {
      rmSync(draft, { recursive: true, force: true });
    }
    return own;
  });
}

/** What set-ups that were killed left beside it. @param {string} home */
function removeDrafts(home) {
  const folder = path.dirname(home);
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(home)}.`)) continue;
    rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

/** @param {AbortSignal | undefined} signal */
async function findOnMachine(signal) {
  const folders = [
    ...(process.env.PATH ?? "").split(path.delimiter).filter(Boolean),
    path.join(homedir(), ".local", "bin"),
    path.join(homedir(), ".cargo", "bin"),
  ];
  for (const folder of folders) {
    const candidate = path.join(folder, program);
    if (existsSync(candidate) && (await isUsable(candidate, signal))) return candidate;
  }
  return undefined;
}

/** @param {string} candidate @param {AbortSignal | undefined} signal */
async function isUsable(candidate, signal) {
  try {
    const version = /(\d+)\.(\d+)/.exec(await run(candidate, ["--version"], { signal }));
    const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
    const [oldMajor = 0, oldMinor = 0] = oldestUsable;
    return major > oldMajor || (major === oldMajor && minor >= oldMinor);
  } catch {
    return false;
  }
}

/**
 * @param {string} folder
 * @param {string} pin
 * @param {(message: string) => void} onMessage
 * @param {AbortSignal | undefined} signal
 */
async function install(folder, pin, onMessage, signal) {
  const python = await findPython(signal);
  const settings = await indexSettings(python);
  try {
    if (settings.hasPip) await installByPip(folder, python.executable, settings.index, signal);
    else if (settings.index) {
      await installByDownload(folder, pin, settings.index, python.executable, signal);
    } else {
      await addPip(python.executable, onMessage, signal);
      await installByPip(folder, python.executable, undefined, signal);
    }
  } catch (error) {
    if (error instanceof PrepareError || signal?.aborted) throw error;
    const output = error instanceof ProgramError ? error.output : describe(error);
    throw installProblem({
      what: "uv",
      registry: `The Python package index (${settings.host})`,
      variable: "UV_DEFAULT_INDEX",
      output,
      log: logTo("uv", "failed"),
    });
  }
  if (!existsSync(path.join(folder, "bin", program))) {
    throw new PrepareError(
      "prepare.uv_incomplete",
      `uv was installed into ${folder}, but its program is not there`,
      "install uv by hand (its documentation names several ways) and run the same command again.",
    );
  }
}

/**
 * Debian's Python comes without pip.
 * @param {string} python
 * @param {(message: string) => void} onMessage
 * @param {AbortSignal | undefined} signal
 */
async function addPip(python, onMessage, signal) {
  if (canInstallDebianPackages()) {
    onMessage("installing Debian's python3-pip, which uv is installed with");
    await installDebianPackages(["python3-pip"], { signal });
    if ((await indexSettings({ executable: python })).hasPip) return;
  }
  throw new PrepareError(
    "prepare.no_pip",
    `${python} has no pip, with which uv is installed`,
    "install it (Debian: apt-get install python3-pip), or uv itself, and run the same command again.",
  );
}

/**
 * pip knows the machine's mirrors, proxies and certificates; `--target` writes nothing elsewhere,
 * so it is allowed even where the system's Python is marked as managed (PEP 668).
 * @param {string} folder
 * @param {string} python
 * @param {string | undefined} index
 * @param {AbortSignal | undefined} signal
 */
async function installByPip(folder, python, index, signal) {
  const options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes"];
  await run(python, ["-m", "pip", "install", ...options, "--target", folder, "-r", pinFile], {
    env: {
      ...process.env,
      ...(index === undefined ? {} : { PIP_INDEX_URL: index }),
      PIP_USER: "0",
      PIP_DISABLE_PIP_VERSION_CHECK: "1",
      PIP_RETRIES: process.env.PIP_RETRIES ?? "2",
    },
    signal,
    onLine: (line) => logTo("uv", line),
  });
}

/**
 * Without pip, from the index that is set; a wheel is a zip archive, which Python opens by itself.
 * @param {string} folder
 * @param {string} pin
 * @param {string} index
 * @param {string} python
 * @param {AbortSignal | undefined} signal
 */
async function installByDownload(folder, pin, index, python, signal) {
  const version = /^uv==([^\s\\]+)/m.exec(pin)?.[1] ?? "";
  const wheel = await findWheel(index, version, signal);
  const answer = await ask(wheel.url, "*/*", signal);
  const bytes = Buffer.from(await answer.arrayBuffer());
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  if (!pin.includes(`sha256:${sha256}`)) throw new Error(`hash mismatch for ${wheel.name}`);
  mkdirSync(folder, { recursive: true });
  const archive = path.join(folder, wheel.name);
  writeFileSync(archive, bytes);
  await run(python, ["-I", "-m", "zipfile", "-e", archive, folder], { signal });
  rmSync(archive);
  const scripts = path.join(folder, `uv-${version}.data`, "scripts");
  renameSync(scripts, path.join(folder, "bin"));
  for (const name of readdirSync(path.join(folder, "bin"))) {
    chmodSync(path.join(folder, "bin", name), 0o755);
  }
}

/**
 * @param {string} index address of a simple repository (PEP 503 or 691)
 * @param {string} version
 * @param {AbortSignal | undefined} signal
 * @returns {Promise<{name: string, url: string}>}
 */
async function findWheel(index, version, signal) {
  const page = `${index.replace(/\/+$/, "")}/uv/`;
  const answer = await ask(page, "application/vnd.pypi.simple.v1+json, text/html;q=0.5", signal);
  const text = await answer.text();
  /** @type {{filename: string, url: string}[]} */
  const files = text.trimStart().startsWith("{")
    ? JSON.parse(text).files
    : [...text.matchAll(/href="([^"]+)"[^>]*>\s*([^<\s]+)/g)].map((link) => ({
        url: String(link[1]),
        filename: String(link[2]),
      }));
  const wheel = files.find(
    ({ filename }) => filename.startsWith(`uv-${version}-`) && platformTag().test(filename),
  );
  if (!wheel) throw new Error(`no wheel of uv ${version} for this platform at ${page}`);
  const url = new URL(wheel.url, answer.url || page);
  const { host, username, password } = new URL(page);
  // The login of the index is for its files too, and for nobody else's.
  if (url.host === host) Object.assign(url, { username, password });
  return { name: wheel.filename, url: url.href };
}

/** The part of a wheel's name that stands for this machine. */
function platformTag() {
  const arm = process.arch === "arm64";
  if (process.platform === "win32") return arm ? /win_arm64/ : /win_amd64/;
  if (process.platform === "darwin") return arm ? /macosx.*arm64/ : /macosx.*x86_64/;
  const report = /** @type {{header: {glibcVersionRuntime?: string}}} */ (
    process.report.getReport()
  );
  const libc = report.header.glibcVersionRuntime ? "manylinux" : "musllinux";
  return new RegExp(`${libc}.*${arm ? "aarch64" : "x86_64"}`);
}

/** @param {string} address @param {string} accept @param {AbortSignal | undefined} signal */
async function ask(address, accept, signal) {
  const url = new URL(address);
  /** @type {Record<string, string>} */
  const headers = { accept };
  if (url.username) {
    const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers.authorization = `Basic ${Buffer.from(login).toString("base64")}`;
    url.username = url.password = "";
  }
  const answer = await fetch(url, { headers, signal: signal ?? null });
  if (!answer.ok) throw new Error(`${url.host} answered ${answer.status} for ${url.pathname}`);
  return answer;
}

/** `fetch failed` keeps what happened in its cause. @param {unknown} error */
function describe(error) {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : undefined;
  const code = cause && "code" in cause ? ` ${cause.code}` : "";
  return `${error.message}${cause ? `: ${cause.message}${code}` : ""}`;
}
