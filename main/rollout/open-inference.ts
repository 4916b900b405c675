import { Agent, request } from "node:http";
import { type InferRequest, InferResponse } from "../../contract/deployment.ts";
import { Problem, WorkbenchError } from "../../contract/problem.ts";

const TIMEOUT_MS = 30_000;

export interface PostOptions {
  readonly token?: string;
  readonly correlationId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A client of the Open Inference Protocol v2 over connections that are kept. */
export class OpenInferenceClient {
  readonly #agent = new Agent({ keepAlive: true });

  async infer(url: string, body: InferRequest, options: PostOptions = {}): Promise<InferResponse> {
    return InferResponse.parse(await this.post(`${url}/infer`, body, options));
  }

  /** Posts JSON and returns the parsed answer; an answer of status 400 or above is thrown. */
  async post(url: string, body: unknown, options: PostOptions = {}): Promise<unknown> {
    const payload = JSON.stringify(body ?? {});
    let answer: { status: number; text: string };
    try {
      answer = await this.#exchange(url, payload, options);
    } catch (error) {
      throw new WorkbenchError(
        {
          code: "deployment.unreachable",
          detail: `${url} does not answer: ${(error as Error).message}.`,
          hint: "The router is started again by itself: try again in a few seconds.",
          where: { url },
        },
        { cause: error },
      );
    }
    const parsed = parse(answer.text);
    if (answer.status < 400) return parsed;
    const problem = Problem.safeParse(parsed);
    if (problem.success) throw new WorkbenchError(problem.data);
    const said = (parsed as { error?: unknown } | undefined)?.error;
    throw new WorkbenchError({
      code: "inference.refused",
      detail: typeof said === "string" ? said : `${url} answered with status ${answer.status}.`,
      hint: "Compare with the deployment's stored example.",
      where: { url, status: answer.status },
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #exchange(
    url: string,
    payload: string,
    { token, correlationId, signal }: PostOptions,
  ): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(payload),
        ...(token && { authorization: `Bearer ${token}` }),
        ...(correlationId && { "x-correlation-id": correlationId }),
      };
      const call = request(
        url,
        { method: "POST", agent: this.#agent, headers, ...(signal && { signal }) },
        (response) => {
          const parts: Buffer[] = [];
          response.on("data", (part: Buffer) => parts.push(part));
          response.once("error", reject);
          response.once("end", () =>
            resolve({
              status: response.statusCode ?? 502,
              text: Buffer.concat(parts).toString("utf8"),
            }),
          );
        },
      );
      call.setTimeout(TIMEOUT_MS, () => call.destroy(new Error("timed out")));
      call.once("error", reject);
      call.end(payload);
    });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
