import { setTimeout as sleep } from "node:timers/promises";
import { EventSourceParserStream } from "eventsource-parser/stream";
import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import type { Manifest, StepEvent } from "../../contract/step.ts";
import type { StepRequest } from "./generated/index.ts";
import {
  Capabilities,
  JobEvent,
  JobView,
  type NumberedJobEvent,
  problemIn,
  type StateEvent,
  WarmView,
} from "./wire.ts";

export interface EngineClientOptions {
  /** Where the engine listens, such as `http://127.0.0.1:8000`; asked anew for every request. */
  readonly address: () => Promise<string>;
  readonly token: string;
  /** Pauses before the next attempts when the connection is lost, in milliseconds. */
  readonly retryMs?: readonly number[];
}

export interface RunStepOptions {
  /** Aborting it cancels the job; the promise rejects once the job has ended. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: StepEvent) => void;
  /** Follows the job through the engine's logs. */
  readonly correlation?: string;
}

/** A restart needs about two seconds; these pauses together give it ten. */
const RETRY_MS = [50, 200, 500, 1000, 2000, 3000, 3000];
const RESUBMISSIONS = 2;

/** Talks to the Python engine: jobs in, events out. */
export class EngineClient {
  readonly #address: () => Promise<string>;
  readonly #token: string;
  readonly #retryMs: readonly number[];

  constructor(options: EngineClientOptions) {
    this.#address = options.address;
    this.#token = options.token;
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  /** The engine's steps, with the versions that content keys are made of. */
  capabilities(): Promise<Capabilities> {
    return this.ask(Capabilities, "GET", "/capabilities");
  }

  /** Has an environment's worker started, so that the next step does not wait for imports. */
  warm(environment = "core"): Promise<WarmView> {
    return this.ask(WarmView, "POST", "/warm", { body: { environment } });
  }

  submit(request: StepRequest, correlation?: string): Promise<JobView> {
    const headers = correlation === undefined ? {} : { "X-Correlation-Id": correlation };
    return this.ask(JobView, "POST", "/jobs", { body: request, headers });
  }

  job(id: string): Promise<JobView> {
    return this.ask(JobView, "GET", `/jobs/${encodeURIComponent(id)}`);
  }

  /** Asks a job to end; its last event tells when it has. */
  cancel(id: string): Promise<JobView> {
    return this.ask(JobView, "DELETE", `/jobs/${encodeURIComponent(id)}`);
  }

  /**
   * What a job says, from the event after `lastEventId` until it is over. A lost connection is
   * taken up where it broke; no event comes twice.
   */
  async *events(
    id: string,
    options: { signal?: AbortSignal; lastEventId?: number } = {},
  ): AsyncGenerator<NumberedJobEvent, void, undefined> {
    let last = options.lastEventId ?? 0;
    let lost = 0;
    for (;;) {
      const response = await this.#request("GET", `/jobs/${encodeURIComponent(id)}/events`, {
        headers: { "Last-Event-ID": String(last) },
        signal: options.signal,
      });
      try {
        for await (const message of messagesOf(response)) {
          last = message.id;
          lost = 0;
          yield message;
          if (isLast(message.event)) return;
        }
      } catch (error) {
        options.signal?.throwIfAborted();
        if (error instanceof z.ZodError || !isConnectionFault(error)) throw error;
      }
      const pause = this.#retryMs[lost++];
      if (pause === undefined) throw unreachable();
      await sleep(pause, undefined, { signal: options.signal });
    }
  }

  /**
   * Does one step and returns its manifest. If the engine dies and comes back meanwhile, the step
   * is submitted again: its key makes that safe.
   *
   * @throws WorkbenchError with the engine's problem; `job.cancelled` after an abort.
   */
  async runStep(request: StepRequest, options: RunStepOptions = {}): Promise<Manifest> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#runOnce(request, options);
      } catch (error) {
        const forgotten = error instanceof WorkbenchError && error.problem.code === "job.unknown";
        if (!forgotten || attempt >= RESUBMISSIONS || options.signal?.aborted) throw error;
      }
    }
  }

  async #runOnce(request: StepRequest, options: RunStepOptions): Promise<Manifest> {
    const { signal, onEvent, correlation } = options;
    if (signal?.aborted) throw cancelled(request.step);
    const job = await this.submit(request, correlation);
    // An engine that cannot be told has ended the job with itself; the events will show it.
    const cancel = () => void this.cancel(job.id).catch(() => undefined);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    try {
      for await (const { event } of this.events(job.id)) {
        if (event.kind !== "state") onEvent?.(event);
        else if (isLast(event)) return outcomeOf(event, request.step);
      }
    } catch (error) {
      if (signal?.aborted && !(error instanceof WorkbenchError)) throw cancelled(request.step);
      throw error;
    } finally {
      signal?.removeEventListener("abort", cancel);
    }
    throw unreachable();
  }

  /** Asks for JSON of a known shape; for what has a client of its own on top of this one. */
  async ask<S extends z.ZodType>(
    schema: S,
    method: string,
    path: string,
    options: RequestOptions = {},
  ): Promise<z.output<S>> {
    const response = await this.#request(method, path, options);
    return schema.parse(await response.json());
  }

  /** Every request may be repeated: reading changes nothing, and a step has a content key. */
  async #request(method: string, path: string, options: RequestOptions): Promise<Response> {
    const { body, headers, signal } = options;
    for (let lost = 0; ; lost += 1) {
      let response: Response;
      try {
        response = await fetch(`${await this.#address()}${path}`, {
          method,
          headers: {
            Authorization: `Bearer ${this.#token}`,
            ...(body === undefined ? {} : { "Content-Type": "application/json" }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
          ...(signal ? { signal } : {}),
        });
      } catch (error) {
        signal?.throwIfAborted();
        if (!isConnectionFault(error)) throw error;
        const pause = this.#retryMs[lost];
        if (pause === undefined) throw unreachable(error);
        await sleep(pause, undefined, { ...(signal ? { signal } : {}) });
        continue;
      }
      if (!response.ok) throw new WorkbenchError(await problemIn(response));
      return response;
    }
  }
}

type RequestOptions = {
  body?: object;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
};

async function* messagesOf(response: Response): AsyncGenerator<NumberedJobEvent> {
  if (!response.body) return;
  const messages = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream());
  for await (const { id, data } of messages) {
    yield { id: Number(id), event: JobEvent.parse(JSON.parse(data)) };
  }
}

function isLast(event: JobEvent): boolean {
  return event.kind === "state" && ["done", "failed", "cancelled"].includes(event.state);
}

function outcomeOf(event: StateEvent, step: string): Manifest {
  if (event.manifest) return event.manifest;
  throw event.problem ? new WorkbenchError(event.problem) : cancelled(step);
}

/** Node's fetch rejects with a TypeError for every fault below HTTP. */
function isConnectionFault(error: unknown): boolean {
  return error instanceof TypeError;
}

function unreachable(cause?: unknown): WorkbenchError {
  return new WorkbenchError(
    {
      code: "engine.unreachable",
      detail: "The engine does not answer.",
      hint: "Its log says why it ended: `doctor` shows where it is.",
    },
    { cause },
  );
}

function cancelled(step: string): WorkbenchError {
  return new WorkbenchError({
    code: "job.cancelled",
    detail: `The step ${step} was cancelled.`,
    hint: "Run it again when you want its result: finished steps are kept.",
    where: { step },
  });
}
