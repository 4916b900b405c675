import type { FigurePanel } from "../../contract/figures/index.ts";
import { Empty } from "../parts/empty.tsx";
import { Panel } from "../parts/panel.tsx";
import { Chart } from "./chart.tsx";
import classes from "./figure-panels.module.css";

/** Figures with their words, two in a row; the report has the same. */
export function FigurePanels({ panels }: { panels: readonly FigurePanel[] }) {
  return (
    <div className={classes.panels}>
      {panels.map((panel) => (
        <div key={panel.id} className={panel.wide ? classes.wide : classes.half}>
          <FigurePanelView panel={panel} />
        </div>
      ))}
    </div>
  );
}

export function FigurePanelView({ panel }: { panel: FigurePanel }) {
  const { id, title, note, label, height, draw, told } = panel;
  return (
    <Panel title={title} note={note}>
      {draw ? (
        <>
          <Chart name={id} label={label} figure={draw} height={height} />
          {told && <p className={classes.told}>{told}</p>}
        </>
      ) : (
        <Empty>{told}</Empty>
      )}
    </Panel>
  );
}
