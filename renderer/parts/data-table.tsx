import { ActionIcon, Tooltip } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from "@tanstack/react-table";
import { useVirtualizer, type VirtualItem } from "@tanstack/react-virtual";
import { memo, type ReactNode, useMemo, useRef } from "react";
import classes from "./data-table.module.css";
import { Empty } from "./empty.tsx";
import { useGradually } from "./use-gradually.ts";

export type Value = string | number | boolean | null | undefined;

export type TableColumn<Row> = {
  /** Unique in the table. */
  key: string;
  /** Empty for a column of buttons or marks. */
  title: string;
  /** What is sorted by and copied. */
  value: (row: Row) => Value;
  /** How it is shown; as it is where this is left out. */
  show?: (row: Row) => ReactNode;
  /** Numbers stand at the right. */
  align?: "left" | "right";
  /** What the column means, for those who wonder. */
  help?: string;
  /** Of the table's width: "40%", "8em". Only where rows are many and columns would jump. */
  width?: string;
  /** Sentences break into lines. Only where rows are few: in a long table all are of one height. */
  wraps?: boolean;
};

const ROW_HEIGHT = 29;
/** From here on only the rows in view are in the page. */
const VIRTUAL_FROM = 100;
const ROWS_A_FRAME = 6;

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/** A table that sorts by any column, can be copied, and stays quick at ten thousand rows. */
export function DataTable<Row extends object>(props: {
  /** For screen readers and the copy button. */
  name: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  sortedBy?: { key: string; descending: boolean };
  /** Pixels; longer tables scroll inside. */
  maxHeight?: number;
  onOpen?: (row: Row) => void;
  isMuted?: (row: Row) => boolean;
  isSelected?: (row: Row) => boolean;
  /** What is said where there is no row. */
  empty?: string;
}) {
  const { columns, rows, rowKey, sortedBy, onOpen, maxHeight = 480 } = props;
  const scroller = useRef<HTMLElement>(null);
  const definitions = useMemo(() => columns.map((column) => definition(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const sorting: SortingState = sortedBy ? [{ id: sortedBy.key, desc: sortedBy.descending }] : [];
  const table = useTable({
    features,
    columns: definitions,
    data,
    getRowId: rowKey,
    initialState: { sorting },
  });
  const sorted = table.getRowModel().rows;
  const virtual = sorted.length >= VIRTUAL_FROM;
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    enabled: virtual,
  });
  const items = useGradually(virtualizer.getVirtualItems(), ROWS_A_FRAME);
  const line = (row: (typeof sorted)[number]) => (
    <Line
      key={row.id}
      row={row.original}
      columns={columns}
      isMuted={props.isMuted?.(row.original)}
      isSelected={props.isSelected?.(row.original)}
      breaks={!virtual}
      onOpen={onOpen}
    />
  );

  if (rows.length === 0) return <Empty>{props.empty ?? "There is nothing to list here."}</Empty>;
  return (
    <div className={classes.frame}>
      <CopyTable name={props.name} columns={columns} rows={sorted.map((row) => row.original)} />
      <section
        ref={scroller}
        className={classes.scroller}
        data-long={virtual || undefined}
        style={{ maxHeight }}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label={props.name}
      >
        <table
          className={classes.table}
          data-titled-end={Boolean(columns.at(-1)?.title) || undefined}
          aria-rowcount={sorted.length}
        >
          <thead>
            <tr>
              {table.getFlatHeaders().map((header) => {
                const column = columns[header.index];
                // Buttons and marks at a row's end speak for themselves: nothing to sort by.
                if (!column?.title) return <td key={header.id} />;
                const order = header.column.getIsSorted();
                return (
                  <th
                    key={header.id}
                    data-align={column.align}
                    style={{ width: column.width }}
                    aria-sort={
                      order === "asc" ? "ascending" : order === "desc" ? "descending" : "none"
                    }
                  >
                    <button
                      type="button"
                      onClick={header.column.getToggleSortingHandler()}
                      title={column.help}
                    >
                      {column.title}
                      <span aria-hidden>
                        {order === "asc" ? " ↑" : order === "desc" ? " ↓" : ""}
                      </span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {virtual
              ? spaced(items, virtualizer.getTotalSize(), ({ index }) => {
                  const row = sorted[index];
                  return row && line(row);
                })
              : sorted.map(line)}
          </tbody>
        </table>
      </section>
    </div>
  );
}

/** Lines at their place in a table of `height` pixels: where none is drawn, an empty row as high. */
function spaced(
  items: readonly VirtualItem[],
  height: number,
  line: (item: VirtualItem) => ReactNode,
): ReactNode[] {
  const gap = (from: number, to: number) =>
    to > from && <tr key={`to ${to}`} aria-hidden style={{ height: to - from }} />;
  return [
    ...items.flatMap((item, at) => [gap(items[at - 1]?.end ?? 0, item.start), line(item)]),
    gap(items.at(-1)?.end ?? 0, height),
  ];
}

/** Remembered: while a long table scrolls, only rows that come into view are drawn. */
const Line = memo(TableLine) as typeof TableLine;

function TableLine<Row extends object>(props: {
  row: Row;
  columns: readonly TableColumn<Row>[];
  isMuted: boolean | undefined;
  isSelected: boolean | undefined;
  /** Where columns of sentences may break into lines. */
  breaks: boolean;
  onOpen: ((row: Row) => void) | undefined;
}) {
  const { row, columns, onOpen } = props;
  return (
    <tr
      data-muted={props.isMuted || undefined}
      data-opens={onOpen ? true : undefined}
      aria-selected={props.isSelected}
      onClick={onOpen && (() => onOpen(row))}
    >
      {columns.map((column, position) => (
        <td
          key={column.key}
          data-align={column.align}
          data-wrap={(column.wraps && props.breaks) || undefined}
        >
          {onOpen && position === 0 ? (
            <button type="button" className={classes.open}>
              {cell(column, row)}
            </button>
          ) : (
            cell(column, row)
          )}
        </td>
      ))}
    </tr>
  );
}

function definition<Row extends object>(column: TableColumn<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.key,
    header: column.title,
    accessorFn: (row) => column.value(row) ?? undefined,
    sortFn: column.align === "right" ? "basic" : "alphanumeric",
    // The interesting end of a number is mostly the high one; absent values come last either way.
    sortDescFirst: column.align === "right",
    sortUndefined: "last",
  } as ColumnDef<typeof features, Row>;
}

function cell<Row>(column: TableColumn<Row>, row: Row): ReactNode {
  if (column.show) return column.show(row);
  const value = column.value(row);
  return value === null || value === undefined ? "–" : String(value);
}

function CopyTable<Row>(props: {
  name: string;
  columns: readonly TableColumn<Row>[];
  rows: readonly Row[];
}) {
  const clipboard = useClipboard({ timeout: 1500 });
  const label = clipboard.copied ? "Copied" : `Copy ${props.name}`;
  const copy = () => {
    const lines = [
      props.columns.map(({ title }) => title),
      ...props.rows.map((row) => props.columns.map(({ value }) => String(value(row) ?? ""))),
    ];
    clipboard.copy(lines.map((cells) => cells.join("\t")).join("\n"));
  };
  return (
    <Tooltip label={label}>
      <ActionIcon className={classes.copy} size={24} aria-label={label} onClick={copy}>
        {clipboard.copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      </ActionIcon>
    </Tooltip>
  );
}
