// Shows how far the set-up is: one line that is redrawn on a terminal, plain lines elsewhere.

/**
 * @typedef {{subject: string, message: string, fraction?: number | undefined}} Progress
 */

const plainEveryMs = 2_000;

/**
 * @param {NodeJS.WriteStream} stream
 * @returns {{show: (progress: Progress) => void, end: () => void}}
 */
export function progressOn(stream) {
  const started = new Map();
  let lastShown = 0;
  let lastPhase = "";
  let isLineOpen = false;

  /** @param {Progress} progress */
  function describe({ subject, message, fraction }) {
    const now = Date.now();
    if (!started.has(subject)) started.set(subject, now);
    if (fraction === undefined) return `${subject}: ${message}`;
    const elapsed = (now - started.get(subject)) / 1000;
    if (fraction >= 1) return `${subject}: ${message} (${elapsed.toFixed(1)} s)`;
    const left = fraction > 0.05 ? (elapsed * (1 - fraction)) / fraction : undefined;
    const eta = left === undefined ? "" : `, about ${Math.ceil(left)} s left`;
    return `${subject}: ${message} ${Math.floor(fraction * 100)} %${eta}`;
  }

  /** @param {Progress} progress @param {string} text */
  function redraw({ fraction }, text) {
    const width = 20;
    const filled = Math.round((fraction ?? 0) * width);
    const bar = fraction === undefined ? "" : `${"█".repeat(filled)}${"░".repeat(width - filled)} `;
    stream.write(`\r\u001b[2K${(bar + text).slice(0, (stream.columns ?? 100) - 1)}`);
    isLineOpen = true;
    if (fraction !== undefined && fraction >= 1) end();
  }

  function end() {
    if (isLineOpen) stream.write("\n");
    isLineOpen = false;
  }

  return {
    show(progress) {
      const text = describe(progress);
      if (stream.isTTY) return redraw(progress, text);
      // The same sentence with other numbers is the same phase.
      const phase = `${progress.subject}${progress.message.replaceAll(/\d+/g, "")}`;
      const isLast = progress.fraction !== undefined && progress.fraction >= 1;
      if (phase === lastPhase && !isLast && Date.now() - lastShown < plainEveryMs) return;
      lastPhase = phase;
      lastShown = Date.now();
      stream.write(`${text}\n`);
    },
    end,
  };
}
