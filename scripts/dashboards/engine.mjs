import { dashboard, lines } from "./panels.mjs";

/** Steps, the queue, and the workers' memory. */
export const engine = dashboard(
  "breadthflow-engine",
  "Engine",
  "Steps and how long they take, what waits, and what the workers hold.",
)
  .withPanel(
    lines({
      title: "Steps that ended",
      about: "Within the last hour, by how they ended.",
      unit: "none",
      series: [{ expr: "breadthflow:engine_jobs:increase1h", legend: "{{step}} {{state}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Seconds a step",
      about: "Mean of the last hour; a step that is cached is not run at all.",
      unit: "s",
      series: [{ expr: "breadthflow:engine_step_seconds:mean1h", legend: "{{step}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Queue",
      about: "Jobs that run, and those that wait for a worker.",
      unit: "none",
      series: [
        { expr: "breadthflow_engine_jobs_running", legend: "{{environment}} running" },
        { expr: "breadthflow_engine_jobs_waiting", legend: "{{environment}} waiting" },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Workers' memory",
      about: "Of each worker and all that it started; beyond 4 GB, it makes way for a new one.",
      unit: "bytes",
      series: [
        {
          expr: "breadthflow_engine_worker_resident_memory_bytes",
          legend: "{{environment}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Longest steps",
      about: "95 % of the steps of the last six hours took no longer.",
      unit: "s",
      series: [
        {
          expr: "histogram_quantile(0.95, sum by (step, le) (rate(breadthflow_engine_step_seconds_bucket[6h])))",
          legend: "{{step}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Workers alive",
      about: "1 while the worker of an environment lives.",
      unit: "none",
      series: [{ expr: "breadthflow_engine_worker_alive", legend: "{{environment}}" }],
    }),
  );
