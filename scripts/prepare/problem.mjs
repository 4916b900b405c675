// A fault of the set-up that a person can do something about: one sentence, with what to do.

export class PrepareError extends Error {
  /**
   * @param {string} code stable word, `prepare.reason`
   * @param {string} detail what happened, naming the program, file or host
   * @param {string} hint what to do
   */
  constructor(code, detail, hint) {
    super(`${detail}; ${hint}`);
    this.name = "PrepareError";
    this.code = code;
    this.detail = detail;
    this.hint = hint;
  }
}

const unreachable =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ENOTCACHED|error sending request|dns error|failed to lookup address|connection refused|tcp connect error|operation timed out|Failed to establish a new connection|fetch failed/i;
const untrusted =
  /invalid peer certificate|UnknownIssuer|CERT_|self[- ]signed certificate|unable to get local issuer/i;

/**
 * Turns what an installer printed before it failed into one sentence.
 * @param {{what: string, registry: string, variable: string, output: string, log: string}} failure
 */
export function installProblem({ what, registry, variable, output, log }) {
  if (/ENOSPC|No space left on device|os error 28|disk is full|os error 112/i.test(output)) {
    return new PrepareError(
      "prepare.disk_full",
      `The disk is full, so ${what} could not be finished`,
      "free about 3 GB and run the same command again: what is done is kept.",
    );
  }
  if (untrusted.test(output)) {
    return new PrepareError(
      "prepare.certificate",
      `${registry} answered with a certificate that this machine does not trust`,
      "set SSL_CERT_FILE and NODE_EXTRA_CA_CERTS to your organisation's CA bundle and run the same command again.",
    );
  }
  if (unreachable.test(output)) {
    return new PrepareError(
      "prepare.registry_unreachable",
      `${registry} cannot be reached, so ${what} cannot be installed`,
      `connect to the network, or set ${variable} to a mirror, and run the same command again.`,
    );
  }
  if (/EACCES|EPERM|Permission denied|os error 13|EROFS|Read-only file system/i.test(output)) {
    return new PrepareError(
      "prepare.not_writable",
      `A folder that ${what} is installed into cannot be written (${lastError(output)})`,
      "make the project's folder and your cache folder writable and run the same command again.",
    );
  }
  if (/hash mismatch|EINTEGRITY|THESE PACKAGES DO NOT MATCH THE HASHES/i.test(output)) {
    return new PrepareError(
      "prepare.hash_mismatch",
      `${registry} served something other than what the lock names (${lastError(output)})`,
      "do not install it: check the mirror, or report it, since the lock's hashes are the published ones.",
    );
  }
  return new PrepareError(
    "prepare.install_failed",
    `${what} could not be installed (${lastError(output)})`,
    `${log} has everything the installer said.`,
  );
}

/** @param {string} output */
function lastError(output) {
  const lines = output
    .split(/\r?\n/)
    .map((line) => line.replace(/^[\s×│├╰─▶>-]+/u, "").trim())
    .filter(Boolean);
  const telling = lines.filter((line) => /error|denied|failed|cannot|mismatch/i.test(line));
  return (telling.at(-1) ?? lines.at(-1) ?? "it said nothing").slice(0, 240);
}
