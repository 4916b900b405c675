import { Suspense } from "react";
import type { ModelView } from "../../../main/api/views.ts";
import { lazyPart } from "../../parts/lazy-part.tsx";
import { Panel } from "../../parts/panel.tsx";
import { Waiting } from "../../parts/waiting.tsx";

const Drawing = lazyPart(() => import("./lineage-drawing.tsx"));

/** Where a version came from, and what serves it. */
export function LineageGraph({ model }: { model: ModelView }) {
  return (
    <Panel title="Lineage" note="click to go there">
      <Suspense fallback={<Waiting for="the graph" />}>
        <Drawing model={model} />
      </Suspense>
    </Panel>
  );
}
