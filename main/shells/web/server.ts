import { timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { TRPCError } from "@trpc/server";
import { applyWSSHandler } from "@trpc/server/adapters/ws";
import { WebSocketServer } from "ws";
import { api } from "../../api/index.ts";
import type { Workbench } from "../../workbench.ts";

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

export type ApiServer = { port: number; clients: () => number; close: () => Promise<void> };

/**
 * Serves the API on loopback over WebSocket.
 *
 * Any web page can open a socket to loopback, so three things are asked of a client: the Host that
 * we listen on (against DNS rebinding), no Origin of another site, and the token.
 */
export async function serveApi(
  workbench: Workbench,
  options: { token: string; port?: number },
): Promise<ApiServer> {
  const http = createServer((_request, response) => {
    response.writeHead(426, { "content-type": "text/plain" }).end("WebSocket only\n");
  });
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const { port } = http.address() as AddressInfo;
  const sockets = new WebSocketServer({
    server: http,
    maxPayload: MAX_MESSAGE_BYTES,
    verifyClient: ({ req }: { req: IncomingMessage }) => isOurs(req, port),
  });
  const handler = applyWSSHandler({
    wss: sockets,
    router: api,
    createContext: ({ info }) => {
      if (!sameSecret(info.connectionParams?.token, options.token)) {
        throw new TRPCError({ code: "UNAUTHORIZED", message: "The token is missing or wrong." });
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
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function isOurs(request: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const { host, origin } = request.headers;
  if (!host || !hosts.includes(host)) return false;
  return origin === undefined || hosts.some((one) => origin === `http://${one}`);
}

function sameSecret(given: string | undefined, expected: string): boolean {
  const left = Buffer.from(given ?? "");
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
