import { describe, expect, test } from "vitest";
import { KEPT_LINES, withLines } from "../../../renderer/parts/log-lines.ts";

const textOf = (line: string) => withLines([], [line])[0];

describe("the lines of a log", () => {
  test("a line of pino is shown as time, level, message and values", () => {
    const line =
      '{"level":40,"time":"2026-01-02T03:04:05.678Z","pid":7,"service":"engine","msg":"slow"}';
    expect(textOf(line)).toEqual({
      number: 1,
      text: "03:04:05.678  warning  slow  service=engine",
      level: "warning",
    });
  });

  test("a line of structlog is shown the same way", () => {
    const line =
      '{"seconds": 0.5, "event": "finished", "level": "info", "timestamp": "2026-01-02T03:04:05Z"}';
    expect(textOf(line)?.text).toBe("03:04:05Z  info     finished  seconds=0.5");
  });

  test("a line that is no JSON stays as it is, without the colours of a terminal", () => {
    expect(textOf("\u001b[31mERROR\u001b[0m {half")?.text).toBe("ERROR {half");
    expect(textOf("{half")?.text).toBe("{half");
    expect(textOf("ValueError: an exception")?.level).toBe("error");
  });

  test("the oldest lines go, and each keeps its number", () => {
    const many = Array.from({ length: KEPT_LINES + 5 }, (_, at) => `line ${at}`);
    const kept = withLines([], many);
    expect(kept).toHaveLength(KEPT_LINES);
    expect(kept[0]).toMatchObject({ number: 6, text: "line 5" });
    expect(withLines(kept, ["next"]).at(-1)?.number).toBe(KEPT_LINES + 6);
  });
});
