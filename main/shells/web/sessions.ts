import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Cookies are shared by all ports of a host: the port in the name keeps workspaces apart. */
const cookieName = (port: number) => `breadthflow_${port}`;

/**
 * A browser shows the token of its address once and gets a cookie for it, which no script can read
 * and no other site can send. A session lasts as long as the owner process.
 */
export class Sessions {
  readonly #token: string;
  readonly #port: number;
  readonly #open = new Set<string>();

  constructor(options: { token: string; port: number }) {
    this.#token = options.token;
    this.#port = options.port;
  }

  /** The `Set-Cookie` of a new session, or null where the token is wrong. */
  begin(token: string): string | null {
    if (!sameSecret(token, this.#token)) return null;
    const session = randomBytes(32).toString("base64url");
    this.#open.add(session);
    return `${cookieName(this.#port)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request comes from a browser that showed the token before. */
  has(request: IncomingMessage): boolean {
    const prefix = `${cookieName(this.#port)}=`;
    return (request.headers.cookie ?? "")
      .split("; ")
      .some((pair) => pair.startsWith(prefix) && this.#open.has(pair.slice(prefix.length)));
  }
}

export function sameSecret(given: string | undefined, expected: string): boolean {
  const left = Buffer.from(given ?? "");
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
