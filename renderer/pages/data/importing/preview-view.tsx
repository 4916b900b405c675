import { SegmentedControl, Text } from "@mantine/core";
import { useState } from "react";
import type { FilePreview, SourcePreview } from "../../../../contract/data.ts";
import { bytes, count } from "../../../parts/format.ts";
import { Panel } from "../../../parts/panel.tsx";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import classes from "./preview-view.module.css";

/** The first rows of the sources, and what was made of their columns. */
export function PreviewView(props: { preview: SourcePreview; isOld: boolean }) {
  const { files, files_in_all, bytes_in_all } = props.preview;
  const [chosen, setChosen] = useState<number | null>(null);
  const first = (wanted: FilePreview["kind"]) => files.findIndex(({ kind }) => kind === wanted);
  const shown = chosen ?? [first("refused"), first("bars")].find((place) => place >= 0) ?? 0;
  const at = Math.min(shown, files.length - 1);
  const file = files[at];
  if (!file) return null;
  return (
    <Panel
      title="What is in it"
      note={`${count(files_in_all)} ${files_in_all === 1 ? "file" : "files"}, ${bytes(bytes_in_all)}; nothing is written yet`}
    >
      <div className={props.isOld ? classes.old : undefined}>
        {files.length > 1 && (
          <div className={classes.files}>
            <SegmentedControl
              aria-label="File"
              value={String(at)}
              onChange={(next) => setChosen(Number(next))}
              data={files.map((one, place) => ({ value: String(place), label: one.file }))}
              styles={{ label: { maxWidth: 180, overflow: "hidden", textOverflow: "ellipsis" } }}
            />
          </div>
        )}
        {file.problem && <ProblemNote problem={file.problem} />}
        <Text size="xs" c="dimmed" my={4}>
          {toldOf(file)}
        </Text>
        <FirstRows file={file} />
      </div>
    </Panel>
  );
}

function FirstRows({ file }: { file: FilePreview }) {
  if (file.header.length === 0) return null;
  const roles = new Map(file.columns.map((one) => [one.column, one]));
  return (
    <section
      className={classes.scroller}
      aria-label={`First rows of ${file.file}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      <table className={classes.table}>
        <thead>
          <tr>
            {file.header.map((column) => {
              const role = roles.get(column);
              return (
                <th key={column} data-unused={unused(file, column)}>
                  {column}
                  <small>
                    {role ? (
                      <>
                        <b>{role.role.replace("_", " ")}</b> · {role.source_type} → {role.stored_as}
                      </>
                    ) : (
                      file.kind === "bars" && "not used"
                    )}
                  </small>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {file.raw.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of a file have no other name
            <tr key={line}>
              {file.header.map((column, place) => (
                <td key={column} data-unused={unused(file, column)}>
                  {shown(file, column, row[place] ?? null, line)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Only of a file whose columns were understood can it be said that one is not needed. */
function unused(file: FilePreview, column: string): true | undefined {
  if (file.kind !== "bars" || file.columns.some((one) => one.column === column)) return undefined;
  return true;
}

/** As it is written, and as it is understood where that looks different. */
function shown(file: FilePreview, column: string, raw: string | null, line: number): string {
  if (raw === null) return "–";
  const role = file.columns.find((one) => one.column === column)?.role;
  const understood = role ? file.rows[line]?.[role] : undefined;
  if (understood === undefined || understood === null || role === "symbol") return raw;
  const same = typeof understood === "number" ? Number(raw) === understood : raw === understood;
  return same ? raw : `${raw} → ${understood}`;
}

const SEPARATORS: Record<string, string> = {
  ",": "commas",
  ";": "semicolons",
  "\t": "tabs",
  "|": "bars",
};

function toldOf(file: FilePreview): string {
  if (file.kind === "attributes") return "A table of attributes: the sector of each symbol.";
  if (file.kind === "empty") return "It has no rows, and is passed over.";
  if (file.kind === "refused") return "As it is written:";
  const parts = [
    file.form === "parquet"
      ? "Parquet"
      : `Text with ${SEPARATORS[file.separator ?? ","] ?? "separators"}`,
    file.decimal_comma && "a comma before decimals",
    `dates written as ${file.dates}`,
    file.time_zone === "naive"
      ? "times without a zone: the day is taken as written"
      : file.time_zone && `times at ${file.time_zone}`,
    file.symbol_from_file_name && "the symbol is the file's name",
  ];
  return `${parts.filter(Boolean).join("; ")}.`;
}
