import { useMemo } from "react";
import { useLocation } from "wouter";
import type { ServiceView } from "../../../contract/service.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { bytes, percent, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ServiceActions } from "./service-actions.tsx";
import { StateMark } from "./state-mark.tsx";
import type { Usage } from "./usage.ts";

export function ServiceTable(props: { services: ServiceView[]; usage: Usage }) {
  const [, go] = useLocation();
  const { services, usage } = props;
  const columns = useMemo(() => columnsWith(usage), [usage]);
  return (
    <Panel title="Services" note="CPU as a share of one core, memory resident">
      <DataTable
        name="Services"
        columns={columns}
        rows={services}
        rowKey={({ service }) => service}
        onOpen={({ service }) => go(`/${encodeURIComponent(service)}`)}
      />
    </Panel>
  );
}

function columnsWith(usage: Usage): TableColumn<ServiceView>[] {
  return [
    { key: "service", title: "Service", value: ({ service }) => service },
    { key: "title", title: "What it does", value: ({ title }) => title },
    {
      key: "state",
      title: "State",
      value: ({ state }) => state,
      show: ({ state }) => <StateMark state={state} />,
    },
    {
      key: "since",
      title: "Since",
      value: ({ since }) => since,
      show: ({ since }) => time(since),
    },
    {
      key: "cpu",
      title: "CPU",
      align: "right",
      value: ({ service }) => usage[service]?.cpu,
      show: ({ service }) => percent(usage[service]?.cpu, 0),
    },
    {
      key: "memory",
      title: "Memory",
      align: "right",
      value: ({ service }) => usage[service]?.memory,
      show: ({ service }) => bytes(usage[service]?.memory),
    },
    {
      key: "ports",
      title: "Ports",
      align: "right",
      value: ({ ports }) => Object.values(ports).join(" "),
    },
    { key: "restarts", title: "Restarts", align: "right", value: ({ restarts }) => restarts },
    {
      key: "actions",
      title: "",
      value: () => null,
      show: (service) => <ServiceActions service={service} />,
    },
  ];
}
