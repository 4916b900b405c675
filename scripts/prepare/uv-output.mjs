// What uv prints while it installs, as a message and a fraction.

const downloadShare = 0.7;
const bytesPerUnit = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };

/**
 * @param {(message: string, fraction?: number) => void} tell
 * @returns {(line: string) => void} to be called with each line
 */
export function followUv(tell) {
  /** @type {Map<string, number>} bytes by package; uv names only those worth waiting for */
  const announced = new Map();
  let fetched = 0;

  return (line) => {
    const start = /^Downloading (\S+) \(([\d.]+)(B|KiB|MiB|GiB)\)/.exec(line);
    if (start) {
      const [, name = "", amount, unit] = start;
      const factor = bytesPerUnit[/** @type {keyof typeof bytesPerUnit} */ (unit)];
      announced.set(name, Number(amount) * factor);
      tellDownload();
      return;
    }
    const end = /^\s*Downloaded (\S+)/.exec(line);
    if (end) {
      fetched += announced.get(end[1] ?? "") ?? 0;
      tellDownload();
      return;
    }
    const resolved = /^Resolved (\d+) packages?/.exec(line);
    if (resolved) tell(`fetching ${resolved[1]} packages`, 0.02);
    if (/^Prepared /.test(line)) tell("installing");
    if (/^Installed /.test(line)) tell("compiling bytecode, up to a minute");
  };

  function tellDownload() {
    const total = [...announced.values()].reduce((sum, bytes) => sum + bytes, 0);
    const message = `fetching packages, ${inMegabytes(fetched)} of ${inMegabytes(total)} MB`;
    tell(message, 0.02 + (downloadShare - 0.02) * (total === 0 ? 0 : fetched / total));
  }
}

/** @param {number} bytes */
function inMegabytes(bytes) {
  return Math.round(bytes / 1e6);
}
