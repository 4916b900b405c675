import { Suspense } from "react";
import type { ServiceView } from "../../../contract/service.ts";
import { lazyPart } from "../../parts/lazy-part.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Waiting } from "../../parts/waiting.tsx";
import type { Usage } from "./usage.ts";

const Drawing = lazyPart(() => import("./service-drawing.tsx"));

/** Who talks to whom, with each service's state. */
export function ServiceGraph(props: { services: ServiceView[]; usage: Usage }) {
  return (
    <Panel title="How they hang together" note="click a service for its log">
      <Suspense fallback={<Waiting for="the graph" />}>
        <Drawing {...props} />
      </Suspense>
    </Panel>
  );
}
