import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

type Answer = { body: Buffer | string; type: string };
type Hold = { asked: () => void; gone: () => void; released: Promise<void> };

/** A registry as a folder of files on loopback, which can be made to wait with one of them. */
export class FileServer {
  /** Paths that were asked for, in order. */
  readonly asked: string[] = [];
  /** `name:password` that is demanded, if any. */
  login: string | undefined;
  readonly #files = new Map<string, (accept: string) => Answer>();
  readonly #holds = new Map<string, Hold>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const path = request.url ?? "/";
      this.asked.push(path);
      const login = this.login && `Basic ${Buffer.from(this.login).toString("base64")}`;
      if (login && request.headers.authorization !== login) {
        response.writeHead(401, { "www-authenticate": "Basic" }).end();
        return;
      }
      const hold = this.#holds.get(path);
      hold?.asked();
      if (hold) request.socket.once("close", hold.gone);
      await hold?.released;
      const answer = this.#files.get(path)?.(request.headers.accept ?? "");
      if (!answer) response.writeHead(404).end();
      else response.writeHead(200, { "content-type": answer.type }).end(answer.body);
    });
  }

  static async open(): Promise<FileServer> {
    const server = new FileServer();
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  put(path: string, body: Buffer | string, type = "application/octet-stream"): void {
    this.#files.set(path, () => ({ body, type }));
  }

  /** What is answered may depend on what the client accepts. */
  answer(path: string, answer: (accept: string) => Answer): void {
    this.#files.set(path, answer);
  }

  /**
   * Who asks for the path waits until it is released; `asked` tells that somebody does, and `gone`
   * that he has hung up.
   */
  hold(path: string): { asked: Promise<void>; gone: Promise<void>; release: () => void } {
    const asked = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    this.#holds.set(path, {
      asked: asked.resolve,
      gone: gone.resolve,
      released: released.promise,
    });
    const release = () => {
      this.#holds.delete(path);
      released.resolve();
    };
    return { asked: asked.promise, gone: gone.promise, release };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}
