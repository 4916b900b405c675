/** How many lines the window keeps; older ones are in the file. */
export const KEPT_LINES = 20_000;

export type Level = "error" | "warning" | "quiet" | "plain";
export type LogLine = { number: number; text: string; level: Level };

/** Adds lines to those kept, dropping the oldest; each has a number of its own for good. */
export function withLines(kept: readonly LogLine[], lines: readonly string[]): LogLine[] {
  const next = (kept.at(-1)?.number ?? 0) + 1;
  const added = lines.map((line, at) => ({ number: next + at, ...readable(line) }));
  return [...kept, ...added].slice(-KEPT_LINES);
}

const PINO_LEVELS: Record<number, string> = {
  10: "trace",
  20: "debug",
  30: "info",
  40: "warning",
  50: "error",
  60: "fatal",
};

/** What stands at the front of the line already, or tells a reader nothing. */
const NOT_REPEATED = ["time", "timestamp", "level", "msg", "event", "logger", "pid", "hostname"];

/** A structured line (pino, structlog) as time, level, event and values; another as it is. */
function readable(line: string): { text: string; level: Level } {
  const fields = fieldsOf(line);
  if (!fields) {
    const text = plain(line);
    return { text, level: levelOf(text) };
  }
  const stated = fields.level;
  const level = typeof stated === "number" ? (PINO_LEVELS[stated] ?? "info") : String(stated ?? "");
  const at = String(fields.time ?? fields.timestamp ?? "").slice(11, 23);
  const values = Object.entries(fields)
    .filter(([name]) => !NOT_REPEATED.includes(name))
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`);
  const event = String(fields.msg ?? fields.event ?? "");
  return {
    text: [at, level.padEnd(7), event, ...values].filter(Boolean).join("  "),
    level: levelOf(level),
  };
}

function fieldsOf(line: string): Record<string, unknown> | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    // It only looks like one: shown as it is.
    return null;
  }
}

/** How loud a line is, from the words that loggers use for it. */
export function levelOf(text: string): Level {
  if (/\b(error|critical|fatal|traceback|exception)\b/i.test(text)) return "error";
  if (/\bwarn(ing)?\b/i.test(text)) return "warning";
  if (/\b(debug|trace)\b/i.test(text)) return "quiet";
  return "plain";
}

/** Colours of a terminal mean nothing here. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "");
}
