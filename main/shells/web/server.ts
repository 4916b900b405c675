import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { TRPCError } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import { UPLOAD_PATH } from "../../../contract/data.ts";
import { WorkbenchError } from "../../../contract/problem.ts";
import { api } from "../../api/index.ts";
import type { Workbench } from "../../workbench.ts";
import { Sessions } from "./sessions.ts";
import { staticFile } from "./static-files.ts";
import { takeUpload } from "./upload.ts";

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const MAX_TOKEN_BYTES = 256;
/** Only uploads have more of a body than a token: who takes longer wants to occupy the server. */
const REQUEST_MS = 10_000;

export type ApiServer = { port: number; clients: () => number; close: () => Promise<void> };

/**
 * Serves the API over WebSocket, and the renderer to a browser, on loopback.
 *
 * Any web page can reach loopback, so three things are asked of a client: the Host that we listen
 * on (against DNS rebinding), no Origin of another site, and the token, or a session had for it.
 */
export async function serveApi(
  workbench: Workbench,
  options: { token: string; renderer: string; port: number },
): Promise<ApiServer> {
  const http = createServer(
    { requestTimeout: 0, headersTimeout: REQUEST_MS },
    (request, response) => {
      respond(request, response).catch((err) => {
        workbench.log.error({ err }, "a request could not be answered");
        response.destroy();
      });
    },
  );
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  const sessions = new Sessions({ token: options.token, port });

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, text: string) =>
      void response.writeHead(status, { "content-type": "text/plain" }).end(`${text}\n`);
    if (!isOurs(request, port)) {
      return answer(403, `This page is only answered as http://127.0.0.1:${port}, to itself.`);
    }
    const { pathname, searchParams } = new URL(request.url ?? "/", `http://127.0.0.1:${port}`);
    if (request.method === "POST" && pathname === UPLOAD_PATH) {
      if (!sessions.has(request)) return answer(403, "Only for a window of this workbench.");
      const name = searchParams.get("name") ?? "";
      return await takeUpload(workbench.uploads, name, request, response);
    }
    const late = setTimeout(() => request.destroy(), REQUEST_MS);
    request.once("close", () => clearTimeout(late));
    const call = `${request.method} ${pathname}`;
    if (call === "POST /session") {
      const cookie = sessions.begin(await textOf(request));
      if (!cookie) return answer(403, "The token is missing or wrong.");
      response.writeHead(204, { "set-cookie": cookie }).end();
    } else if (call === "GET /session") {
      response.writeHead(sessions.has(request) ? 204 : 403).end();
    } else if (call === "POST /ticket") {
      if (!sessions.isToken(await textOf(request))) return answer(403, "The token is wrong.");
      answer(200, sessions.ticket());
    } else if (request.method !== "GET") {
      answer(405, "Only GET.");
    } else {
      const file = await staticFile(options.renderer, pathname);
      if (file) response.writeHead(200, file.headers).end(file.body);
      else answer(404, "There is nothing here.");
    }
  }

  const sockets = new WebSocketServer({
    server: http,
    path: "/api",
    maxPayload: MAX_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isOurs(req, port),
  });
  const handler = applyWSSHandler({
    wss: sockets,
    router: api,
    createContext: ({ req, info }) => {
      if (!sessions.has(req) && !sessions.isToken(info.connectionParams?.token)) {
        throw new TRPCError({ code: "UNAUTHORIZED", cause: noAccess() });
      }
      return { workbench };
    },
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 10_000 },
  });
  return {
    port,
    clients: () => sockets.clients.size,
    close: async () => {
      handler.broadcastReconnectNotification();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function noAccess(): WorkbenchError {
  return new WorkbenchError({
    code: "session.refused",
    detail: "The token is missing or wrong.",
    hint: "Open the address that `start` prints.",
  });
}

/**
 * Not `localhost`: on some systems that is [::1] first, where another user's program may listen on
 * the same port, and would be sent our cookie.
 */
function isOurs(request: IncomingMessage, port: number): boolean {
  const ours = `127.0.0.1:${port}`;
  const { host, origin } = request.headers;
  return host === ours && (origin === undefined || origin === `http://${ours}`);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_TOKEN_BYTES) return "";
  }
  return text;
}
