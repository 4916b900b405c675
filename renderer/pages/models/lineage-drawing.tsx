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
import { Link } from "wouter";
import type { ModelView } from "../../../main/api/views.ts";
import classes from "./lineage-drawing.module.css";
import { type LineageNode, lineageOf } from "./lineage-nodes.ts";

type Card = Node<{ node: LineageNode }, "card">;

const NODE_TYPES = { card: LineageCard };
const COLUMN_WIDTH = 206;
const ROW_HEIGHT = 106;

export default function LineageDrawing({ model }: { model: ModelView }) {
  const scheme = useComputedColorScheme("dark");
  const { nodes, edges } = useMemo(() => placed(model), [model]);
  return (
    <div className={classes.drawing}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.06 }}
        nodesDraggable={false}
        nodesConnectable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        proOptions={{ hideAttribution: true }}
        nodesFocusable={false}
        edgesFocusable={false}
      >
        <Background gap={24} />
      </ReactFlow>
    </div>
  );
}

/** Each column stands in the middle of the highest one. */
function placed(model: ModelView): { nodes: Card[]; edges: Edge[] } {
  const { nodes, links } = lineageOf(model);
  const heights = new Map<number, number>();
  for (const { column } of nodes) heights.set(column, (heights.get(column) ?? 0) + 1);
  const highest = Math.max(...heights.values());
  const taken = new Map<number, number>();
  return {
    nodes: nodes.map((node): Card => {
      const row = taken.get(node.column) ?? 0;
      taken.set(node.column, row + 1);
      const above = (highest - (heights.get(node.column) ?? 0)) / 2;
      return {
        id: node.id,
        type: "card",
        position: { x: node.column * COLUMN_WIDTH, y: (above + row) * ROW_HEIGHT },
        data: { node },
        ariaLabel: `${node.kind}: ${node.title}`,
      };
    }),
    edges: links.map(({ from, to }) => ({ id: `${from} to ${to}`, source: from, target: to })),
  };
}

function LineageCard({ data: { node } }: NodeProps<Card>) {
  const { kind, title, lines, href } = node;
  const text = (
    <>
      <small>{kind}</small>
      <b title={title}>{title}</b>
      {lines.map((line) => (
        <span key={line} title={line}>
          {line}
        </span>
      ))}
    </>
  );
  return (
    <>
      <Handle type="target" position={Position.Left} className={classes.handle} />
      {href ? (
        <Link href={href} className={classes.card} data-kind={kind} data-goes>
          {text}
        </Link>
      ) : (
        <div className={classes.card} data-kind={kind}>
          {text}
        </div>
      )}
      <Handle type="source" position={Position.Right} className={classes.handle} />
    </>
  );
}
