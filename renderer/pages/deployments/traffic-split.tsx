import { Text } from "@mantine/core";
import type { DeploymentView } from "../../../main/api/views.ts";
import { Panel } from "../../parts/panel.tsx";
import classes from "./traffic-split.module.css";

/** Who gets which share of the requests. One version gets all of them, as long as none is tried. */
export function TrafficSplit({ view }: { view: DeploymentView }) {
  const live = view.state === "live";
  return (
    <Panel title="Traffic split" note={live ? "no candidate" : undefined}>
      <div className={classes.bar} aria-hidden>
        <i style={{ width: live ? "100%" : 0 }} />
      </div>
      <div className={classes.share}>
        <span>
          {view.model} v{view.version}
        </span>
        <b>{live ? "100 %" : "0 %"}</b>
      </div>
      <Text size="xs" c="dimmed" mt={6}>
        A candidate beside the champion, its weight and what it is judged on appear here.
      </Text>
    </Panel>
  );
}
