/** How many lines the window keeps; older ones are in the file. */
export const KEPT_LINES = 20_000;

export type LogLine = { number: number; text: string };

/** Adds lines to those kept, dropping the oldest; each has a number of its own for good. */
export function withLines(kept: readonly LogLine[], lines: readonly string[]): LogLine[] {
  const next = (kept.at(-1)?.number ?? 0) + 1;
  const added = lines.map((text, at) => ({ number: next + at, text: plain(text) }));
  return [...kept, ...added].slice(-KEPT_LINES);
}

export type Level = "error" | "warning" | "quiet" | "plain";

/** How loud a line is, from the words that loggers use for it. */
export function levelOf(text: string): Level {
  if (/\b(error|critical|fatal|traceback|exception)\b|"level":(50|60)\b/i.test(text))
    return "error";
  if (/\bwarn(ing)?\b|"level":40\b/i.test(text)) return "warning";
  if (/\bdebug\b|"level":(10|20)\b/i.test(text)) return "quiet";
  return "plain";
}

/** Colours of a terminal mean nothing here. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  return text.replaceAll(/\u001b\[[\d;]*[A-Za-z]/g, "");
}
