import { dashboard, lines } from "./panels.mjs";

/** The object store, which keeps the files of MLflow. */
export const s3 = dashboard("breadthflow-s3", "Object store", "It keeps the files of MLflow.")
  .withPanel(
    lines({
      title: "Requests",
      about: "A second, by what was asked.",
      unit: "reqps",
      series: [
        { expr: "sum by (action) (rate(versitygw_success_count[5m]))", legend: "{{action}}" },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Refused and failed",
      about: "A second, by status: 403 is a wrong key or another's bucket, 5xx a failure.",
      unit: "reqps",
      series: [
        {
          expr: "sum by (action, status) (rate(versitygw_failed_count[5m]))",
          legend: "{{action}} {{status}}",
        },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "Bytes",
      about: "Written and read a second, by bucket.",
      unit: "Bps",
      series: [
        {
          expr: "sum by (bucket) (rate(versitygw_bytes_written[5m]))",
          legend: "{{bucket}} written",
        },
        { expr: "sum by (bucket) (rate(versitygw_bytes_read[5m]))", legend: "{{bucket}} read" },
      ],
    }),
  )
  .withPanel(
    lines({
      title: "New objects",
      about: "Within five minutes, by bucket; each is a version of its own.",
      unit: "none",
      series: [
        {
          expr: "sum by (bucket) (increase(versitygw_object_created_count[5m]))",
          legend: "{{bucket}}",
        },
      ],
    }),
  );
