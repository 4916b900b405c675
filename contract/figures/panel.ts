import type { Figure, Theme } from "./template.ts";

/** A figure with the words around it, the same on a screen and in the report. */
export type FigurePanel = {
  /** Unique on a page; of the file that it is saved as. */
  id: string;
  title: string;
  /** Unit, source, or what it comes to in a number. */
  note: string;
  /** What a person sees in it, for those who do not see it. */
  label: string;
  /** Pixels. */
  height: number;
  /** Takes the whole width. */
  wide?: boolean;
  /** Null where there is nothing to draw; `told` then says why. */
  draw: ((theme: Theme) => Figure) | null;
  /** A sentence below the figure, or in its place. */
  told: string | null;
};
