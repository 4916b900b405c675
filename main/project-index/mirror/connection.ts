import { Socket } from "node:net";
import { Client, type QueryResult } from "pg";

/** PostgreSQL of a workspace's stack: its database `index`, of the role of that name. */
export interface MirrorDatabase {
  /** Where it listens on 127.0.0.1 at this moment; undefined while it is not up and ready. */
  port(): Promise<number | undefined>;
  password(): string;
}

const CONNECTING_MS = 10_000;
const STATEMENT_MS = 60_000;
const FAREWELL_MS = 500;

const SETTINGS = [
  ...["search_path=public", "timezone=UTC", "datestyle=ISO"],
  // Rows are looked up by their keys, some hundreds at a time: never is a whole table read for that,
  // whatever statistics of a table that is just being filled make of it.
  ...["enable_hashjoin=off", "enable_mergejoin=off", "enable_seqscan=off"],
];

/** One connection to the mirror. It keeps no process from exiting. */
export class MirrorConnection {
  /** Called when it is lost, whether something was being asked or not. */
  onLost: () => void = () => undefined;
  readonly #client: Client;
  readonly #socket: Socket;
  #lost: Error | undefined;

  private constructor(port: number, password: string) {
    this.#socket = new Socket().unref();
    // All is said here: what stands in PGHOST, PGSSLMODE or PGOPTIONS is about another database.
    this.#client = new Client({
      host: "127.0.0.1",
      port,
      user: "index",
      database: "index",
      password,
      ssl: false,
      application_name: "breadthflow mirror",
      options: SETTINGS.map((one) => `-c ${one}`).join(" "),
      client_encoding: "utf8",
      connectionTimeoutMillis: CONNECTING_MS,
      statement_timeout: STATEMENT_MS,
      query_timeout: STATEMENT_MS + 1000,
      keepAlive: true,
      stream: () => this.#socket,
    });
    this.#client.on("error", (error) => this.#lose(error));
    this.#client.on("end", () => this.#lose(new Error("the connection has ended")));
  }

  /** @param signal ends it at once, whatever is being asked */
  static async open(
    { port, password }: { port: number; password: string },
    signal: AbortSignal,
  ): Promise<MirrorConnection> {
    const connection = new MirrorConnection(port, password);
    const end = () => connection.#socket.destroy();
    signal.addEventListener("abort", end, { once: true });
    connection.#socket.once("close", () => signal.removeEventListener("abort", end));
    try {
      signal.throwIfAborted();
      await connection.#client.connect();
      return connection;
    } catch (error) {
      connection.#socket.destroy();
      throw error;
    }
  }

  throwIfLost(): void {
    if (this.#lost) throw this.#lost;
  }

  query<Row extends object>(sql: string, values: unknown[] = []): Promise<QueryResult<Row>> {
    return this.#client.query<Row>(sql, values);
  }

  /** All of `work` or none of it, for every reader at once. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.query("BEGIN");
    const result = await work();
    await this.query("COMMIT");
    return result;
  }

  /** What is under way is given up; PostgreSQL undoes it. */
  async close(): Promise<void> {
    this.onLost = () => undefined;
    const late = new Promise((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
    if (!this.#lost) await Promise.race([this.#client.end(), late]);
    this.#socket.destroy();
  }

  #lose(error: Error): void {
    this.#lost ??= error;
    this.onLost();
  }
}
