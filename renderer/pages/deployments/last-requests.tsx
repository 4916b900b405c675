import type { ServedRequest } from "../../../contract/traffic.ts";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { bytes, fixed } from "../../parts/format.ts";

const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

const COLUMNS: readonly TableColumn<ServedRequest>[] = [
  {
    key: "time",
    title: "time",
    value: (one) => one.time,
    show: (one) => CLOCK.format(new Date(one.time)),
  },
  {
    key: "status",
    title: "answer",
    value: (one) => one.status,
    show: (one) =>
      one.status < 400 ? one.status : <b style={{ color: "var(--bf-bad)" }}>{one.status}</b>,
  },
  {
    key: "milliseconds",
    title: "ms",
    align: "right",
    value: (one) => one.milliseconds,
    show: (one) => fixed(one.milliseconds, 1),
  },
  { key: "version", title: "version", align: "right", value: (one) => one.version },
  {
    key: "in",
    title: "asked",
    align: "right",
    help: "Bytes of the request",
    value: (one) => one.bytes_in,
    show: (one) => bytes(one.bytes_in),
  },
  {
    key: "out",
    title: "answered",
    align: "right",
    help: "Bytes of the answer",
    value: (one) => one.bytes_out,
    show: (one) => bytes(one.bytes_out),
  },
  {
    key: "id",
    title: "problem or correlation id",
    value: (one) => one.code ?? one.correlation_id,
  },
];

export function LastRequests(props: { requests: readonly ServedRequest[] | null }) {
  if (!props.requests || props.requests.length === 0) {
    return <Empty>Each request to the endpoint appears here with its answer and its time.</Empty>;
  }
  return (
    <DataTable
      name="Last requests"
      columns={COLUMNS}
      rows={props.requests}
      rowKey={(one) => `${one.correlation_id} ${one.time}`}
      maxHeight={430}
    />
  );
}
