// One set-up at a time: a lock file that names its owner and that the owner keeps touching.
import { randomUUID } from "node:crypto";
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "./places.mjs";

const heartbeatMs = 1_000;
// A live owner touches the file every second. A number of a process can be given out again, so a
// file that nobody touched for this long belongs to nobody, whatever process has that number now.
const abandonedMs = 30_000;
// An installer notices within this time that the set-up which started it was killed.
const orphansEndMs = 1_000;

/**
 * Runs `work` while no other process runs its own under the same name.
 * @template T
 * @param {string} name
 * @param {{onWait: (owner: number) => void, signal?: AbortSignal | undefined}} options
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function exclusively(name, { onWait, signal }, work) {
  const file = path.join(cacheFolder, "locks", `${name}.lock`);
  mkdirSync(path.dirname(file), { recursive: true });
  const token = JSON.stringify({ pid: process.pid, token: randomUUID() });
  await take(file, token, onWait, signal);
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const release = () => releaseIfOwn(file, token);
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.removeListener("exit", release);
    release();
  }
}

/**
 * @param {string} file
 * @param {string} token
 * @param {(owner: number) => void} onWait
 * @param {AbortSignal | undefined} signal
 */
async function take(file, token, onWait, signal) {
  let told = false;
  while (true) {
    signal?.throwIfAborted();
    if (create(file, token)) return;
    const holder = read(file);
    if (holder && isAbandoned(holder)) {
      if (steal(file, holder.text)) await sleep(orphansEndMs, undefined, signalOption(signal));
      continue;
    }
    if (holder && !told) onWait(holder.pid);
    told ||= holder !== undefined;
    await sleep(200, undefined, signalOption(signal));
  }
}

/** @param {AbortSignal | undefined} signal */
function signalOption(signal) {
  return signal ? { signal } : {};
}

/** @param {string} file @param {string} token */
function create(file, token) {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, token);
  try {
    // A link appears with its whole content or not at all, and fails if the name is taken.
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    return createWithoutLinks(file, token);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** @param {string} file @param {string} token */
function createWithoutLinks(file, token) {
  try {
    writeFileSync(file, token, { flag: "wx" });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file */
function read(file) {
  try {
    const text = readFileSync(file, "utf8");
    const age = Date.now() - statSync(file).mtimeMs;
    return { text, age, pid: Number(/"pid":(\d+)/.exec(text)?.[1] ?? 0) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @param {{age: number, pid: number}} holder */
function isAbandoned({ age, pid }) {
  if (age > abandonedMs) return true;
  if (pid === 0) return age > 2 * heartbeatMs;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return codeOf(error) === "ESRCH";
  }
}

/**
 * Takes an abandoned lock away. Of two that try, one renames it; if that one finds that it moved
 * somebody's fresh lock, it puts it back.
 * @param {string} file
 * @param {string} abandoned
 */
function steal(file, abandoned) {
  const aside = `${file}.${randomUUID()}`;
  try {
    renameSync(file, aside);
  } catch {
    return false;
  }
  const isOurs = readFileSync(aside, "utf8") === abandoned;
  if (isOurs) rmSync(aside, { force: true });
  else renameSync(aside, file);
  return isOurs;
}

/** @param {string} file */
function touch(file) {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // The folder was removed under us; the work itself will say so.
  }
}

/** @param {string} file @param {string} token */
function releaseIfOwn(file, token) {
  if (read(file)?.text === token) rmSync(file, { force: true });
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
