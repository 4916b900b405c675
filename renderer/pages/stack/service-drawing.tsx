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
import type { ServiceUsage, ServiceView } from "../../../contract/service.ts";
import { bytes, percent } from "../../parts/format.ts";
import { CARD, type Group, type Placed, placeServices } from "./place-services.ts";
import classes from "./service-drawing.module.css";
import { StateMark } from "./state-mark.tsx";
import type { Usage } from "./usage.ts";
import { keyOf, pathOf, RUNS_AS } from "./which.ts";

type ServiceNode = Node<{ service: ServiceView; usage: ServiceUsage | undefined }, "service">;

type GroupNode = Node<{ group: Group }, "group">;

const NODE_TYPES = { service: ServiceCard, group: ProfileFrame };
const CARD_HEIGHT = 74;
const MIDDLE = { y: CARD_HEIGHT / 2, width: 1, height: 1 };
// Nodes are new each time that a figure changes. Without a size they would be hidden until they are
// measured again, which on a busy machine may be never; without handles, their lines would be.
const CARD_SIZE = {
  initialWidth: CARD,
  initialHeight: CARD_HEIGHT,
  handles: [
    { type: "target" as const, position: Position.Left, x: 0, ...MIDDLE },
    { type: "source" as const, position: Position.Right, x: CARD, ...MIDDLE },
  ],
};
const LEAST_HEIGHT = 240;
const MOST_HEIGHT = 560;

export default function ServiceDrawing(props: { services: ServiceView[]; usage: Usage }) {
  const { services, usage } = props;
  const [, go] = useLocation();
  const scheme = useComputedColorScheme("dark");
  const { places, groups, edges } = useMemo(() => drawn(services), [services]);
  const last = groups.at(-1);
  const height = Math.min(MOST_HEIGHT, Math.max(LEAST_HEIGHT, last ? last.y + last.height : 0));
  const frames: GroupNode[] = groups.map((group) => ({
    // A profile may have the name of its one service, whose node must be another.
    id: `profile ${group.key}`,
    type: "group",
    position: { x: group.x, y: group.y },
    data: { group },
    width: group.width,
    height: group.height,
    zIndex: -1,
    focusable: false,
    selectable: false,
  }));
  const nodes: ServiceNode[] = places.map(({ service, x, y }) => ({
    id: keyOf(service),
    type: "service",
    position: { x, y },
    ...CARD_SIZE,
    data: { service, usage: usage.get(keyOf(service)) },
    ariaLabel: `${service.service}, ${RUNS_AS[service.supervisor]}, ${service.state}`,
  }));
  return (
    <div className={classes.drawing} style={{ height }}>
      <ReactFlow
        key={groups.map(({ key }) => key).join()}
        nodes={[...frames, ...nodes]}
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
        onNodeClick={(_, { data }) => {
          if ("service" in data) go(pathOf(data.service));
        }}
      >
        <Background gap={24} />
      </ReactFlow>
    </div>
  );
}

function drawn(services: ServiceView[]): { places: Placed[]; groups: Group[]; edges: Edge[] } {
  const { places, groups, links } = placeServices(services);
  return {
    places,
    groups,
    edges: links.map(({ from, to }) => ({ id: `${from}→${to}`, source: from, target: to })),
  };
}

function ProfileFrame({ data: { group } }: NodeProps<GroupNode>) {
  return (
    <div className={classes.frame}>
      {group.profile} <small>as {group.supervisor === "native" ? "processes" : "containers"}</small>
    </div>
  );
}

function ServiceCard({ data }: NodeProps<ServiceNode>) {
  const { service, usage } = data;
  return (
    <div className={classes.card} data-state={service.state}>
      <Handle type="target" position={Position.Left} className={classes.handle} />
      <b>{service.service}</b>
      <StateMark state={service.state} health={service.health} />
      <span className={classes.usage}>
        {usage ? `${percent(usage.cpu, 0)} · ${bytes(usage.memory)}` : service.title}
      </span>
      <Handle type="source" position={Position.Right} className={classes.handle} />
    </div>
  );
}
