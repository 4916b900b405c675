import type { ServerResponse } from "node:http";
import type { Problem } from "../../../contract/problem.ts";

/** A refusal with its HTTP status, on its way to the client. */
export class Refusal extends Error {
  readonly status: number;
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.detail);
    this.name = "Refusal";
    this.status = status;
    this.problem = problem;
    this.headers = headers;
  }
}

/**
 * Answers with application/problem+json (RFC 9457); `error` is beside it for clients of the Open
 * Inference Protocol, which look for the message there.
 */
export function sendRefusal(response: ServerResponse, refusal: Refusal): number {
  const { problem, status } = refusal;
  const body = JSON.stringify({
    type: `urn:breadthflow:${problem.code}`,
    title: problem.code,
    status,
    ...problem,
    error: problem.detail,
  });
  response.writeHead(status, {
    "content-type": "application/problem+json",
    "content-length": Buffer.byteLength(body),
    ...refusal.headers,
  });
  response.end(body);
  return Buffer.byteLength(body);
}
