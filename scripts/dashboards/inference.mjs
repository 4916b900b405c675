import { dashboard, lines } from "./panels.mjs";

/** What clients of the endpoints see, and what the model servers do for it. */
export const inference = dashboard(
  "breadthflow-inference",
  "Inference",
  "What clients of the endpoints see, and what the model servers do for it.",
)
  .withPanel(
    lines({
      title: "Requests",
      about: "A second, by deployment.",
      unit: "reqps",
      series: [{ expr: "breadthflow:inference_requests:rate5m", legend: "{{deployment}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Failures",
      about: "Share of the requests that the router or a model server failed (5xx).",
      unit: "percentunit",
      series: [{ expr: "breadthflow:inference_errors:share5m", legend: "{{deployment}}" }],
    }),
  )
  .withPanel(
    lines({
      title: "Latency",
      about: "From a request's arrival at the router to the end of the answer.",
      unit: "s",
      series: [
        { expr: "breadthflow:inference_seconds:p50_5m", legend: "{{deployment}} half" },
        { expr: "breadthflow:inference_seconds:p99_5m", legend: "{{deployment}} 99 %" },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Answers by status",
      about: "A second; 4xx are requests that were refused, 5xx those that failed.",
      unit: "reqps",
      series: [
        {
          expr: "sum by (deployment, status) (rate(breadthflow_router_requests_total[5m]))",
          legend: "{{deployment}} {{status}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Waiting, sent again",
      about: "Requests without an answer yet, and those sent again after a connection failed.",
      unit: "none",
      series: [
        { expr: "breadthflow_router_requests_in_flight", legend: "waiting" },
        {
          expr: "sum by (deployment) (increase(breadthflow_router_retries_total[5m]))",
          legend: "{{deployment}} sent again",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Time in the model",
      about: "Mean of one inference inside the model server, without the way there.",
      unit: "s",
      series: [
        {
          expr: "sum by (model, version) (rate(model_infer_request_duration_sum[5m])) / (sum by (model, version) (rate(model_infer_request_duration_count[5m])) > 0)",
          legend: "{{model}} {{version}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Inferences",
      about: "A second, as the model servers count them.",
      unit: "reqps",
      series: [
        {
          expr: "sum by (model, version) (rate(model_infer_request_success_total[5m]))",
          legend: "{{model}} {{version}}",
        },
        {
          expr: "sum by (model, version) (rate(model_infer_request_failure_total[5m]))",
          legend: "{{model}} {{version}} failed",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "The router's event loop",
      about: "How late it is: requests wait that long before they are looked at.",
      unit: "s",
      series: [{ expr: 'nodejs_eventloop_lag_p99_seconds{job="router"}', legend: "99 %" }],
    }),
  );
