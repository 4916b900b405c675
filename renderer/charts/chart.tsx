import { Button, useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { Figure, Theme } from "../../contract/figures/index.ts";
import { problemIn } from "../app/problems.ts";
import { ProblemNote } from "../parts/problem-note.tsx";
import { Waiting } from "../parts/waiting.tsx";
import classes from "./chart.module.css";
import { ChartActions } from "./chart-actions.tsx";
import { type Plotly, plotly } from "./plotly.ts";

/**
 * A figure of `contract/figures`, the same that the report draws, in the window's theme.
 *
 * @param props.label what a person sees in it, for those who do not see it
 */
export function Chart(props: {
  name: string;
  label: string;
  figure: (theme: Theme) => Figure;
  height?: number;
  /** A point that carries `customdata` was clicked. There must be another way by keyboard. */
  onPick?: (customdata: unknown) => void;
}) {
  const { figure, height = 240, onPick } = props;
  const theme = useComputedColorScheme("dark");
  const place = useRef<HTMLDivElement>(null);
  const [library, setLibrary] = useState<Plotly | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  /** Plotly has made the element its own. */
  const [isDrawn, setDrawn] = useState(false);

  const load = () => {
    setFailure(null);
    plotly().then((loaded) => setLibrary(() => loaded), setFailure);
  };
  useEffect(load, []);

  useEffect(() => {
    const element = place.current;
    if (!library || !element) return;
    return inItsTurn(element, () => {
      const { data, layout } = figure(theme);
      void library.react(element, data, { ...layout, height, autosize: true }, CONFIG);
      setDrawn(true);
    });
  }, [library, figure, theme, height]);

  useEffect(() => {
    const element = place.current;
    if (!library || !element || !isDrawn) return;
    const observer = new ResizeObserver(() => library.Plots.resize(element));
    observer.observe(element);
    return () => {
      observer.disconnect();
      library.purge(element);
    };
  }, [library, isDrawn]);

  const pick = useRef(onPick);
  useEffect(() => {
    pick.current = onPick;
  });
  const isPicked = onPick !== undefined;
  useEffect(() => {
    const element = place.current as PlotlyElement | null;
    if (!isDrawn || !element?.on || !isPicked) return;
    element.on("plotly_click", ({ points }) => {
      const picked = points.find(({ customdata }) => customdata);
      if (picked) pick.current?.(picked.customdata);
    });
    // A purged element has lost its listeners, and the means to remove them, already.
    return () => element.removeAllListeners?.("plotly_click");
  }, [isDrawn, isPicked]);

  if (failure) return <NoChart failure={failure} onRetry={load} />;
  return (
    <div className={classes.chart}>
      {!library && <Waiting for="the chart" />}
      <div ref={place} role="img" aria-label={props.label} style={{ minHeight: height }} />
      {library && <ChartActions name={props.name} place={place} library={library} />}
    </div>
  );
}

function NoChart(props: { failure: unknown; onRetry: () => void }) {
  const { code, detail } = problemIn(props.failure);
  const hint = "The charts of the window could not be fetched; the tables have the same numbers.";
  return (
    <ProblemNote
      problem={{ code, detail, hint }}
      action={
        <Button variant="default" size="compact-xs" mt="xs" onClick={props.onRetry}>
          Try again
        </Button>
      }
    />
  );
}

/** What a chart out of view waits at most for the window to be idle. */
const PATIENCE_MS = 1000;

/**
 * Draws in a task of its own: what stands around the charts is seen first, then the charts in view
 * one after the other, then, when there is nothing else to do, those that one has to scroll to.
 *
 * @returns takes the turn back
 */
function inItsTurn(element: HTMLElement, draw: () => void): () => void {
  const isInView = element.getBoundingClientRect().top < window.innerHeight;
  // Safari has no idle callbacks.
  if (isInView || !window.requestIdleCallback) {
    const turn = setTimeout(draw);
    return () => clearTimeout(turn);
  }
  const turn = requestIdleCallback(draw, { timeout: PATIENCE_MS });
  return () => cancelIdleCallback(turn);
}

type PlotlyElement = HTMLDivElement & {
  on?: (event: "plotly_click", listener: (click: Click) => void) => void;
  removeAllListeners?: (event: "plotly_click") => void;
};
type Click = { points: { customdata?: unknown }[] };

const CONFIG = { displayModeBar: false, responsive: false, doubleClick: "reset" } as const;
