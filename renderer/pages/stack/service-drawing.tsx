import "@xyflow/react/dist/style.css";
import { useComputedColorScheme } from "@mantine/core";
import {
  Background,
  type Edge,
  Handle,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from "@xyflow/react";
import { useMemo } from "react";
import { useLocation } from "wouter";
import type { ServiceView } from "../../../contract/service.ts";
import { bytes, percent } from "../../parts/format.ts";
import { type Placed, placeServices } from "./place-services.ts";
import classes from "./service-drawing.module.css";
import { StateMark } from "./state-mark.tsx";
import type { Usage } from "./usage.ts";

type ServiceNode = Node<{ service: ServiceView; usage: Usage[string] | undefined }, "service">;

const NODE_TYPES = { service: ServiceCard };

export default function ServiceDrawing(props: { services: ServiceView[]; usage: Usage }) {
  const { services, usage } = props;
  const [, go] = useLocation();
  const scheme = useComputedColorScheme("dark");
  const { places, edges } = useMemo(() => drawn(services), [services]);
  const nodes: ServiceNode[] = places.map(({ service, x, y }) => ({
    id: service.service,
    type: "service",
    position: { x, y },
    data: { service, usage: usage[service.service] },
    ariaLabel: `${service.service}, ${service.state}`,
  }));
  return (
    <div className={classes.drawing}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.1 }}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_, node) => go(`/${encodeURIComponent(node.id)}`)}
      >
        <Background gap={24} />
      </ReactFlow>
    </div>
  );
}

function drawn(services: ServiceView[]): { places: Placed[]; edges: Edge[] } {
  const { places, links } = placeServices(services);
  return {
    places,
    edges: links.map(({ from, to }) => ({ id: `${from}→${to}`, source: from, target: to })),
  };
}

function ServiceCard({ data }: NodeProps<ServiceNode>) {
  const { service, usage } = data;
  return (
    <div className={classes.card} data-state={service.state}>
      <Handle type="target" position={Position.Left} className={classes.handle} />
      <b>{service.service}</b>
      <StateMark state={service.state} />
      <span className={classes.usage}>
        {usage ? `${percent(usage.cpu, 0)} · ${bytes(usage.memory)}` : service.title}
      </span>
      <Handle type="source" position={Position.Right} className={classes.handle} />
    </div>
  );
}
