import { fetched } from "../parts/fetched.ts";

/** The part of Plotly that the screens use. */
export type Plotly = {
  react: (element: HTMLElement, data: object[], layout: object, config: object) => Promise<void>;
  purge: (element: HTMLElement) => void;
  Plots: { resize: (element: HTMLElement) => void };
  downloadImage: (element: HTMLElement, options: object) => Promise<string>;
};

let loading: Promise<Plotly> | undefined;

/**
 * Plotly's strict bundle, which needs no `unsafe-eval`, loaded when the first chart is drawn: it is
 * ten times as large as the rest of the window.
 */
export function plotly(): Promise<Plotly> {
  loading ??= fetched(() => import("plotly.js-strict-dist-min")).then(
    (module) => ("default" in module ? module.default : module) as unknown as Plotly,
    (error) => {
      // The next chart tries again: a connection that broke off is not for ever.
      loading = undefined;
      throw error;
    },
  );
  return loading;
}
