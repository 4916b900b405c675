// Which Python package index this machine uses. uv does not read pip's settings, and most
// organisations set their mirror in pip's only; so what pip is told, uv is told too.
import { run } from "./run.mjs";

/**
 * @param {Pick<import("./python.mjs").Python, "executable">} python
 * @returns {Promise<{index: string | undefined, host: string, hasPip: boolean,
 *   env: NodeJS.ProcessEnv}>} `index` is undefined where nothing is set, which leaves it to pip and
 *   uv; `env` is what to add to uv's environment
 */
export async function indexSettings(python) {
  const pip = await pipSettings(python.executable);
  const told = process.env.UV_DEFAULT_INDEX ?? process.env.UV_INDEX_URL;
  const index = told ?? pip.values.get("index-url");
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  if (!told && pip.values.has("index-url")) env.UV_DEFAULT_INDEX = index;
  const extra = pip.values.get("extra-index-url");
  if (extra && !process.env.UV_INDEX) env.UV_INDEX = extra.split(/\s+/).join(" ");
  const certificates = pip.values.get("cert");
  if (certificates && !process.env.SSL_CERT_FILE) env.SSL_CERT_FILE = certificates;
  const host = index === undefined ? "the public one" : hostOf(index);
  return { index, host, hasPip: pip.isThere, env };
}

/** @param {string} python */
async function pipSettings(python) {
  /** @type {Map<string, string>} */
  const values = new Map();
  try {
    const lines = await run(python, ["-m", "pip", "config", "list"]);
    for (const [, key, value] of lines.matchAll(
      /^(?:global|user|site|install|:env:)\.([\w-]+)='(.*)'$/gm,
    )) {
      values.set(String(key), String(value).replaceAll("\\n", " ").trim());
    }
    return { isThere: true, values };
  } catch {
    return { isThere: false, values };
  }
}

/** The host alone: an index address may hold a password. @param {string} address */
function hostOf(address) {
  try {
    return new URL(address).host;
  } catch {
    return address;
  }
}
