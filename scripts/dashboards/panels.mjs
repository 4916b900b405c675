// The panels that every dashboard is made of, in one style.
import {
  LegendDisplayMode,
  LegendPlacement,
  VizLegendOptionsBuilder,
} from "@grafana/grafana-foundation-sdk/common";
import { DashboardBuilder } from "@grafana/grafana-foundation-sdk/dashboard";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder as Stat } from "@grafana/grafana-foundation-sdk/stat";
import { PanelBuilder as TimeSeries } from "@grafana/grafana-foundation-sdk/timeseries";

/** The one that Grafana is provisioned with. */
const DATASOURCE = { type: "prometheus", uid: "prometheus" };

/**
 * @typedef {{expr: string, legend: string}} Series
 * @typedef {{title: string, about: string, unit: string, series: Series[], span?: number}} Panel
 */

/**
 * @param {string} uid
 * @param {string} title
 * @param {string} about
 */
export function dashboard(uid, title, about) {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(about)
    .tags(["breadthflow"])
    .readonly()
    .timezone("browser")
    .time({ from: "now-6h", to: "now" })
    .refresh("30s");
}

/** Lines over time. @param {Panel} panel */
export function lines({ title, about, unit, series, span = 12 }) {
  const panel = new TimeSeries()
    .title(title)
    .description(about)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.List)
        .placement(LegendPlacement.Bottom),
    )
    .span(span)
    .height(8);
  for (const [index, one] of series.entries()) panel.withTarget(query(one, index));
  return panel;
}

/** The newest value, large. @param {Panel} panel */
export function figure({ title, about, unit, series, span = 6 }) {
  const panel = new Stat()
    .title(title)
    .description(about)
    .datasource(DATASOURCE)
    .unit(unit)
    .noValue("none")
    .span(span)
    .height(4);
  for (const [index, one] of series.entries()) panel.withTarget(query(one, index).instant());
  return panel;
}

/** @param {Series} series @param {number} index among those of its panel */
function query({ expr, legend }, index) {
  return new DataqueryBuilder()
    .datasource(DATASOURCE)
    .refId(String.fromCharCode("A".charCodeAt(0) + index))
    .expr(expr)
    .legendFormat(legend);
}
