import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Long enough for a browser to start; a ticket that nobody used by then is worth nothing. */
const TICKET_MS = 60_000;

/** Cookies are shared by all ports of a host: the port in the name keeps workspaces apart. */
const cookieName = (port: number) => `breadthflow_${port}`;

/**
 * A browser shows the token of its address once and gets a cookie for it, which no script can read
 * and no other site can send. The cookie is a signature with the token: it is good for as long as
 * the token is, also for an owner process that takes over from one that was killed.
 */
export class Sessions {
  readonly #token: string;
  readonly #port: number;
  readonly #tickets = new Map<string, number>();

  constructor(options: { token: string; port: number }) {
    this.#token = options.token;
    this.#port = options.port;
  }

  /**
   * What may stand in place of the token where others can read along: the arguments of a browser
   * are seen by every user of the machine. It opens one session, and soon.
   */
  ticket(): string {
    const ticket = randomBytes(32).toString("base64url");
    this.#tickets.set(ticket, Date.now() + TICKET_MS);
    return ticket;
  }

  /** The `Set-Cookie` of a new session, or null where what was shown is neither token nor ticket. */
  begin(shown: string): string | null {
    const lasts = this.#tickets.get(shown);
    this.#tickets.delete(shown);
    const isTicket = lasts !== undefined && Date.now() < lasts;
    if (!isTicket && !this.isToken(shown)) return null;
    const nonce = randomBytes(16).toString("base64url");
    const session = `${nonce}.${this.#signature(nonce)}`;
    return `${cookieName(this.#port)}=${session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  /** Whether a request comes from a browser that showed the token before. */
  has(request: IncomingMessage): boolean {
    const prefix = `${cookieName(this.#port)}=`;
    return (request.headers.cookie ?? "")
      .split("; ")
      .filter((pair) => pair.startsWith(prefix))
      .some((pair) => this.#isSession(pair.slice(prefix.length)));
  }

  isToken(shown: string | undefined): boolean {
    return same(shown ?? "", this.#token);
  }

  #isSession(session: string): boolean {
    const [nonce = "", signature = ""] = session.split(".");
    return same(signature, this.#signature(nonce));
  }

  #signature(nonce: string): string {
    return createHmac("sha256", this.#token).update(nonce).digest("base64url");
  }
}

/** In a time that does not tell how much of a guess was right. */
function same(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}
