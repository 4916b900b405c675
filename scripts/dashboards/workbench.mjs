import { dashboard, figure, lines } from "./panels.mjs";

/** The first page: what is up, what is wrong, what is asked of it. */
export const workbench = dashboard(
  "breadthflow-workbench",
  "Workbench",
  "What is up, what is wrong, and what is asked of it.",
)
  .withPanel(
    figure({
      title: "Down",
      about: "Services that were up within the last day, and are not.",
      unit: "none",
      series: [
        { expr: "count(up == 0 and max_over_time(up[1d]) == 1) or vector(0)", legend: "down" },
      ],
    }),
  )
  .withPanel(
    figure({
      title: "Alerts",
      about: "Alerts that fire now.",
      unit: "none",
      series: [{ expr: 'count(ALERTS{alertstate="firing"}) or vector(0)', legend: "firing" }],
    }),
  )
  .withPanel(
    figure({
      title: "Requests",
      about: "Inference requests a second, all deployments.",
      unit: "reqps",
      series: [{ expr: "sum(breadthflow:inference_requests:rate5m)", legend: "requests" }],
    }),
  )
  .withPanel(
    figure({
      title: "Jobs",
      about: "Steps that ended within the last hour.",
      unit: "none",
      series: [{ expr: "sum(breadthflow:engine_jobs:increase1h)", legend: "jobs" }],
    }),
  )
  .withPanel(
    lines({
      title: "Up",
      about: "1 while a service answers Prometheus.",
      unit: "none",
      series: [{ expr: "max by (job, instance) (up)", legend: "{{job}} {{instance}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Memory",
      about: "What each process, and each worker of the engine, holds.",
      unit: "bytes",
      series: [
        { expr: "process_resident_memory_bytes", legend: "{{job}} {{instance}}" },
        {
          expr: "breadthflow_engine_worker_resident_memory_bytes",
          legend: "worker {{environment}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "CPU",
      about: "Cores that each process keeps busy.",
      unit: "none",
      series: [{ expr: "rate(process_cpu_seconds_total[5m])", legend: "{{job}} {{instance}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Time that a scrape takes",
      about: "A service that answers slowly here is busy.",
      unit: "s",
      series: [{ expr: "scrape_duration_seconds", legend: "{{job}} {{instance}}" }],
    }),
  );
