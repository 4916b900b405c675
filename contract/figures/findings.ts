import type { DayFindings } from "../data.ts";
import { COLOURS, type Figure, quiet, type Theme, template } from "./template.ts";

/** The worst last: a day has the colour of its worst finding. */
const SEVERITIES = [
  { severity: "info", colour: COLOURS.model },
  { severity: "warning", colour: COLOURS.baseline },
  { severity: "error", colour: COLOURS.bad },
] as const;

const DAY_MS = 86_400_000;
const WEEKS = 54;
const WEEKDAYS = 5;
/** Rows of a year: its weekdays, and one that keeps it from the next. */
const YEAR_ROWS = WEEKDAYS + 1;
const ROW_PIXELS = 9;
/** Opacity of a day with one finding; the rest comes with more of them. */
const FAINTEST = 0.5;
/** Years that are drawn, the last ones of many: older findings stay in the table. */
const MOST_YEARS = 12;

export type FindingsCalendar = {
  days: readonly DayFindings[];
  /** First and last bar, ISO days. */
  first: string;
  last: string;
};

type Cell = { row: number; column: number };

/** Height in pixels at which a calendar's cells are about square. */
export function calendarHeight({ first, last }: Pick<FindingsCalendar, "first" | "last">): number {
  return yearsOf(first, last).length * YEAR_ROWS * ROW_PIXELS + 30;
}

/**
 * Days with findings: a block a year, a column a week, a row a weekday. A day has the colour of its
 * worst finding, and is the stronger the more there are. `customdata` of a day is its ISO date.
 */
export function findingsCalendar(calendar: FindingsCalendar, theme: Theme): Figure {
  const { days, first, last } = calendar;
  const years = yearsOf(first, last);
  const rows = years.length * YEAR_ROWS;
  const ground = grid<number | null>(rows, null);
  const texts = grid(rows, "");
  const dates = grid(rows, "");
  const write = (cell: Cell, date: string, text: string) => {
    put(texts, cell, `${date}<br>${text}`);
    put(dates, cell, date);
  };
  for (let at = Date.parse(first); at <= Date.parse(last); at += DAY_MS) {
    const date = new Date(at).toISOString().slice(0, 10);
    const cell = cellOf(date, years);
    if (!cell) continue;
    put(ground, cell, 0);
    write(cell, date, "nothing found");
  }
  const most = Math.max(1, ...days.map(foundOn));
  const layers = SEVERITIES.map(({ severity, colour }) => {
    const values = grid<number | null>(rows, null);
    for (const day of days) {
      const cell = worstOf(day) === severity ? cellOf(day.date, years) : null;
      if (!cell) continue;
      put(values, cell, Math.log1p(foundOn(day)));
      write(cell, day.date, counted(day));
    }
    return {
      name: severity,
      z: values,
      zmin: 0,
      zmax: Math.log1p(most),
      colorscale: scale(colour),
    };
  });
  const plain = quiet(theme);
  const colorscale = [
    [0, plain],
    [1, plain],
  ];
  const data = [{ name: "day", z: ground, zmin: 0, zmax: 1, colorscale }, ...layers].map(
    (layer) => ({
      ...layer,
      type: "heatmap",
      xgap: 1,
      ygap: 1,
      showscale: false,
      hoverongaps: false,
      text: texts,
      customdata: dates,
      hovertemplate: "%{text}<extra></extra>",
    }),
  );
  const layout = {
    template: template(theme),
    hovermode: "closest",
    margin: { l: 40, r: 8, t: 4, b: 22 },
    xaxis: {
      tickvals: MONTHS.map((_, month) => 2.5 + (month * 365.25) / 12 / 7),
      ticktext: MONTHS,
      range: [-0.5, WEEKS - 0.5],
      fixedrange: true,
      showgrid: false,
      zeroline: false,
    },
    yaxis: {
      tickvals: years.map((_, block) => block * YEAR_ROWS + (WEEKDAYS - 1) / 2),
      ticktext: years.map(String),
      range: [rows - 1.5, -0.5],
      fixedrange: true,
      showgrid: false,
      zeroline: false,
    },
  };
  return { data, layout };
}

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

function yearsOf(first: string, last: string): number[] {
  const end = Number(last.slice(0, 4));
  const begin = Math.max(Number(first.slice(0, 4)), end - MOST_YEARS + 1);
  return Array.from({ length: end - begin + 1 }, (_, after) => begin + after);
}

/** Where a day stands; a bar of a weekend stands with the Friday before it. */
function cellOf(date: string, years: readonly number[]): Cell | null {
  const year = Number(date.slice(0, 4));
  const block = years.indexOf(year);
  if (block < 0) return null;
  const newYear = Date.UTC(year, 0, 1);
  const column = ((Date.parse(date) - newYear) / DAY_MS + weekday(newYear)) / 7;
  const row = block * YEAR_ROWS + Math.min(weekday(Date.parse(date)), WEEKDAYS - 1);
  return { row, column: Math.floor(column) };
}

/** 0 on Monday. */
function weekday(at: number): number {
  return (new Date(at).getUTCDay() + 6) % 7;
}

const foundOn = (day: DayFindings) => day.error + day.warning + day.info;

function worstOf(day: DayFindings): keyof Omit<DayFindings, "date"> {
  if (day.error > 0) return "error";
  return day.warning > 0 ? "warning" : "info";
}

function counted(day: DayFindings): string {
  return SEVERITIES.toReversed()
    .filter(({ severity }) => day[severity] > 0)
    .map(({ severity }) => `${day[severity]} × ${severity}`)
    .join(", ");
}

function grid<T>(rows: number, value: T): T[][] {
  return Array.from({ length: rows }, () => Array.from({ length: WEEKS }, () => value));
}

function put<T>(cells: T[][], cell: Cell, value: T): void {
  const row = cells[cell.row];
  if (row) row[cell.column] = value;
}

function scale(colour: string): [number, string][] {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const shade = (opacity: number) => `rgba(${red},${green},${blue},${opacity})`;
  return [
    [0, shade(FAINTEST)],
    [1, shade(1)],
  ];
}
