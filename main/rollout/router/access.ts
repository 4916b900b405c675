import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Refusal } from "./problems.ts";

const LOOPBACK_NAMES = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Only a loopback name, or one that neighbours of its container have for it, may stand in the Host
 * header: otherwise a web page could reach the router through a name of its own that resolves to
 * 127.0.0.1 (DNS rebinding).
 */
export function checkHost(request: IncomingMessage, names: readonly string[] = []): void {
  const name = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (LOOPBACK_NAMES.has(name) || names.includes(name)) return;
  throw new Refusal(403, {
    code: "router.host_refused",
    detail: "The Host header does not name this machine's loopback address.",
    hint: "Use http://127.0.0.1 with the router's port.",
    where: { header: "host" },
  });
}

/** Compares bearer tokens in a time that does not depend on where they differ. */
export class BearerToken {
  readonly #digest: Buffer;

  constructor(token: string) {
    this.#digest = digest(token);
  }

  accepts(request: IncomingMessage): boolean {
    const given = presented(request);
    return given !== undefined && timingSafeEqual(digest(given), this.#digest);
  }

  check(request: IncomingMessage): void {
    if (this.accepts(request)) return;
    throw new Refusal(
      401,
      {
        code: "router.unauthorised",
        detail:
          presented(request) === undefined
            ? "No bearer token was sent."
            : "The bearer token is not valid.",
        hint: "Send `Authorization: Bearer TOKEN`; `deployments --token NAME` prints it.",
        where: { header: "authorization" },
      },
      { "www-authenticate": "Bearer" },
    );
  }
}

function presented(request: IncomingMessage): string | undefined {
  return /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
