import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** What the router tells Prometheus. */
export class RouterMetrics {
  readonly #registry = new Registry();
  readonly #requests: Counter<"deployment" | "status">;
  readonly #retries: Counter<"deployment">;
  readonly #seconds: Histogram<"deployment">;
  readonly #inFlight: Gauge;

  constructor() {
    const registers = [this.#registry];
    // Its usual 10 ms would wake the process a hundred times a second, for all of its life.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 1000 });
    this.#requests = new Counter({
      name: "breadthflow_router_requests_total",
      help: "Inference requests answered, by deployment and HTTP status.",
      labelNames: ["deployment", "status"],
      registers,
    });
    this.#retries = new Counter({
      name: "breadthflow_router_retries_total",
      help: "Requests sent again after a connection to a model server failed.",
      labelNames: ["deployment"],
      registers,
    });
    this.#seconds = new Histogram({
      name: "breadthflow_router_request_seconds",
      help: "From the request's arrival to the end of the answer.",
      labelNames: ["deployment"],
      buckets: [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.#inFlight = new Gauge({
      name: "breadthflow_router_requests_in_flight",
      help: "Inference requests that wait for an answer.",
      registers,
    });
  }

  began(): void {
    this.#inFlight.inc();
  }

  ended(deployment: string, status: number, seconds: number): void {
    this.#inFlight.dec();
    this.#requests.inc({ deployment, status: String(status) });
    this.#seconds.observe({ deployment }, seconds);
  }

  retried(deployment: string): void {
    this.#retries.inc({ deployment });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
