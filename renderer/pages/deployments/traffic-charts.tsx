import { useCallback } from "react";
import { latencyOverTime, requestRate, type Theme } from "../../../contract/figures/index.ts";
import type { Traffic } from "../../../contract/traffic.ts";
import { Chart } from "../../charts/chart.tsx";
import { Columns } from "../../parts/columns.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count, fixed } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { Waiting } from "../../parts/waiting.tsx";

const HEIGHT = 190;

/** Requests and latency over the last minutes. */
export function TrafficCharts({ traffic }: { traffic: Traffic | null }) {
  const rate = useCallback((theme: Theme) => requestRate(traffic ?? NOTHING, theme), [traffic]);
  const latency = useCallback(
    (theme: Theme) => latencyOverTime(traffic ?? NOTHING, theme),
    [traffic],
  );
  if (!traffic) return <Waiting for="the traffic" />;
  const requests = traffic.points.reduce((sum, point) => sum + point.requests, 0);
  const errors = traffic.points.reduce((sum, point) => sum + point.errors, 0);
  const latest = traffic.points.findLast((point) => point.requests > 0);
  const minutes = Math.round((traffic.points.length * traffic.point_seconds) / 60);
  return (
    <Columns
      even
      left={
        <Panel
          title="Requests a second"
          note={`${count(requests)} in ${minutes} min, ${errors === 0 ? "none failed" : `${count(errors)} failed`}`}
        >
          {requests === 0 ? (
            <Empty>Nobody has asked in the last {minutes} minutes. Try it at the right.</Empty>
          ) : (
            <Chart
              name="requests"
              label={`Requests a second over ${minutes} minutes`}
              figure={rate}
              height={HEIGHT}
            />
          )}
        </Panel>
      }
      right={
        <Panel
          title="Latency"
          note={
            latest
              ? `last: median ${fixed(latest.p50, 1)} ms, 99th ${fixed(latest.p99, 1)} ms`
              : undefined
          }
        >
          {requests === 0 ? (
            <Empty>How long answers take appears here, as clients of the endpoint wait.</Empty>
          ) : (
            <Chart
              name="latency"
              label={`Median and 99th percentile of latency over ${minutes} minutes`}
              figure={latency}
              height={HEIGHT}
            />
          )}
        </Panel>
      }
    />
  );
}

const NOTHING: Traffic = { point_seconds: 1, points: [], last: [] };
