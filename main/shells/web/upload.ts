import type { IncomingMessage, ServerResponse } from "node:http";
import { problemOf } from "../../../contract/problem.ts";
import type { Uploads } from "../../runtime/uploads.ts";

/** A browser that sends nothing for so long is not coming back. */
const SILENCE_MS = 30_000;
const STATUS: Record<string, number> = { "upload.too_large": 413, "upload.not_written": 507 };

/** Takes a file that was dropped into a browser, as the body; answers with its path, as JSON. */
export async function takeUpload(
  uploads: Uploads,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.setTimeout(SILENCE_MS, () => request.destroy());
  const reply = (status: number, body: object) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  try {
    reply(201, { path: await uploads.receive(name, request) });
  } catch (error) {
    const problem = problemOf(error);
    // What is left of the body would be taken for the next request.
    response.setHeader("connection", "close");
    reply(STATUS[problem.code] ?? 500, { problem });
  }
}
