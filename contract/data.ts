import { z } from "zod";
import { ContentKey, DataSetName } from "./ids.ts";
import { Problem } from "./problem.ts";
import { RunFinding } from "./run.ts";

/** The roles that a source's column can play; `sector` only in a table of attributes. */
export const Role = z.enum([
  "symbol",
  "date",
  "open",
  "high",
  "low",
  "close",
  "volume",
  "adj_close",
  "sector",
]);
export type Role = z.infer<typeof Role>;

/** What a person says about sources where their columns do not tell; part of an import's key. */
export const Reading = z.object({
  columns: z.partialRecord(Role, z.string().min(1)).optional(),
  timezone: z.string().min(1).optional(),
  date_format: z.string().min(1).optional(),
  calendar: z.string().min(1).optional(),
});
export type Reading = z.infer<typeof Reading>;

const Cell = z.union([z.string(), z.number(), z.null()]);

/** How one file would be understood, or why it cannot be. */
export const FilePreview = z.object({
  file: z.string(),
  bytes: z.number(),
  kind: z.enum(["bars", "attributes", "empty", "refused"]),
  form: z.string().nullable(),
  separator: z.string().nullable(),
  decimal_comma: z.boolean(),
  dates: z.string().nullable().describe("How dates are written: a strftime format, or epoch."),
  time_zone: z.string().nullable().describe("Null for plain dates; else naive, or an offset."),
  symbol_from_file_name: z.boolean(),
  columns: z.array(
    z.object({
      role: Role,
      column: z.string(),
      source_type: z.string(),
      stored_as: z.string(),
    }),
  ),
  header: z.array(z.string()),
  raw: z.array(z.array(z.string().nullable())).describe("The first rows as they are written."),
  rows: z.array(z.record(z.string(), Cell)).describe("The same rows as they are understood."),
  problem: Problem.nullable(),
});
export type FilePreview = z.infer<typeof FilePreview>;

export const SourcePreview = z.object({
  files: z.array(FilePreview).describe("The first of them."),
  files_in_all: z.int(),
  bytes_in_all: z.number(),
});
export type SourcePreview = z.infer<typeof SourcePreview>;

export const SymbolSpan = z.object({
  symbol: z.string(),
  rows: z.int(),
  first: z.string(),
  last: z.string(),
  findings: z.int(),
});
export type SymbolSpan = z.infer<typeof SymbolSpan>;

const Column = z.array(z.number().nullable());

/** The bars of one symbol as they were imported, one list a column, and the findings on them. */
export const Prices = z.object({
  symbol: z.string(),
  date: z.array(z.string()),
  open: Column,
  high: Column,
  low: Column,
  close: Column,
  volume: Column,
  flags: z.array(
    z.object({
      rule: z.string(),
      severity: RunFinding.shape.severity,
      action: RunFinding.shape.action,
      date_from: z.string(),
      date_to: z.string(),
      detail: z.string(),
    }),
  ),
});
export type Prices = z.infer<typeof Prices>;

/** How many findings touch a day. */
export const DayFindings = z.object({
  date: z.string(),
  error: z.int(),
  warning: z.int(),
  info: z.int(),
});
export type DayFindings = z.infer<typeof DayFindings>;

const BarSide = z.record(z.string(), z.number().nullable()).nullable();

/** What a version has that an earlier one has not. */
export const Difference = z.object({
  added: z.int(),
  changed: z.int(),
  removed: z.int(),
  symbols: z.array(
    z.object({
      symbol: z.string(),
      added: z.int(),
      changed: z.int(),
      removed: z.int(),
      first: z.string(),
      last: z.string(),
    }),
  ),
  changes: z
    .array(z.object({ symbol: z.string(), date: z.string(), before: BarSide, after: BarSide }))
    .describe("The first of them, one by one."),
});
export type Difference = z.infer<typeof Difference>;

/** What the check of a version found, as far as a list can hold it. */
export const Quality = z.object({
  key: ContentKey,
  calendar: z.string(),
  findings: z.int(),
  by_rule: z.record(z.string(), z.int()),
  by_severity: z.record(z.string(), z.int()),
  quarantined_rows: z.int(),
  repaired_rows: z.int(),
  adjusted_actions: z.int(),
  survivorship: z.boolean(),
  days: z.int(),
  complete_symbols: z.int(),
});
export type Quality = z.infer<typeof Quality>;

/** An import as it goes: sources are read, brought into the table, and checked. */
export const DataImport = z.object({
  id: z.string(),
  name: DataSetName,
  paths: z.array(z.string()),
  started: z.string(),
  state: z.enum(["running", "done", "failed", "cancelled"]),
  step: z.enum(["ingest", "check"]),
  fraction: z.number(),
  message: z.string(),
  eta_s: z.number().nullable(),
  version: z.int().nullable(),
  problem: Problem.nullable(),
});
export type DataImport = z.infer<typeof DataImport>;

/** A data set is named after what it came from: `prices/sp500 2018.csv.gz` → `sp500-2018`. */
export function dataSetNameFrom(path: string): DataSetName | null {
  const file = path.split(/[\\/]/).findLast((part) => part !== "") ?? "";
  const stem = file.replace(/(?<=.)(\.[A-Za-z][A-Za-z0-9]*)+$/, "");
  const name = stem
    .toLowerCase()
    .replace(/[^a-z0-9_]+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "")
    .slice(0, 63);
  return DataSetName.safeParse(name).data ?? null;
}

/** Where a browser sends the bytes of a dropped file, since it tells nobody its place. */
export const UPLOAD_PATH = "/upload";
/** Larger files are named by their path: copying them through a browser would only cost time. */
export const MAX_UPLOAD_BYTES = 2 * 1024 ** 3;
