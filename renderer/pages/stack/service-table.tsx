import { useMemo } from "react";
import { useLocation } from "wouter";
import type { ServiceView } from "../../../contract/service.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { bytes, percent, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ServiceActions } from "./service-actions.tsx";
import { HEALTH_WORDS, StateMark } from "./state-mark.tsx";
import type { Usage } from "./usage.ts";
import { keyOf, pathOf, RUNS_AS } from "./which.ts";

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
        rowKey={keyOf}
        onOpen={(service) => go(pathOf(service))}
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
    { key: "health", title: "Health", value: ({ health }) => HEALTH_WORDS[health] },
    { key: "supervisor", title: "Runs as", value: ({ supervisor }) => RUNS_AS[supervisor] },
    { key: "profile", title: "Profile", value: ({ profiles }) => profiles[0] },
    {
      key: "since",
      title: "Since",
      value: ({ since }) => since,
      show: ({ since }) => (since ? time(since) : "–"),
    },
    {
      key: "cpu",
      title: "CPU",
      align: "right",
      value: (service) => usage.get(keyOf(service))?.cpu,
      show: (service) => percent(usage.get(keyOf(service))?.cpu, 0),
    },
    {
      key: "memory",
      title: "Memory",
      align: "right",
      value: (service) => usage.get(keyOf(service))?.memory,
      show: (service) => bytes(usage.get(keyOf(service))?.memory),
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
