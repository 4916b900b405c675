import { type Logger, pino } from "pino";

/** Structured logging, as services need it. */
export type Log = Pick<Logger, "debug" | "info" | "warn" | "error">;

/** The workbench's own log: JSON lines in a file; secrets never reach it. */
export function openLog(file: string): Logger {
  return pino(
    {
      level: process.env.BREADTHFLOW_LOG_LEVEL ?? "info",
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: ["token", "*.token", "authorization", "*.authorization", "*.headers.authorization"],
        censor: "[secret]",
      },
    },
    pino.destination({ dest: file, mkdir: true, sync: true }),
  );
}
