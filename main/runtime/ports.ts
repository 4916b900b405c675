import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import { readJsonIfPresent, writeJsonAtomic } from "./atomic-file.ts";
import { type PortHolder, portHolder } from "./port-holder.ts";

const PortsFile = z.record(z.string(), z.int().min(1).max(65_535));

/** Below the ranges from which systems take ports for outgoing connections. */
const FIRST = 21_000;
const LAST = 30_999;

export interface ClaimedPort {
  readonly port: number;
  /** The remembered port, if it had to be given up, and who has it now. */
  readonly gaveUp?: { readonly port: number; readonly holder: PortHolder | undefined };
}

/** Loopback ports of a workspace's services, chosen once and remembered, so that URLs last. */
export class Ports {
  readonly #file: string;
  readonly #claimed = new Map<string, number>();
  #turn: Promise<unknown> = Promise.resolve();

  /** @param file where the choice is remembered, such as `WORKSPACE/run/ports.json`. */
  constructor(file: string) {
    this.#file = file;
  }

  /**
   * A free port for `name`: the remembered one, or, if another program has it, the next free.
   * It is asked right before the service starts, and asked again if the start failed.
   */
  claim(name: string): Promise<ClaimedPort> {
    // One after the other: two claims at once must not be given one port.
    const claim = this.#turn.then(() => this.#claim(name));
    this.#turn = claim.catch(() => undefined);
    return claim;
  }

  async #claim(name: string): Promise<ClaimedPort> {
    const known = await this.#remembered();
    const remembered = known[name];
    const first = remembered ?? this.#preferred(name);
    const others = new Set([...this.#claimed].filter(([n]) => n !== name).map(([, port]) => port));
    for (const [n, port] of Object.entries(known)) if (n !== name) others.add(port);
    for (let offset = 0; offset <= LAST - FIRST; offset += 1) {
      const port = FIRST + ((first - FIRST + offset) % (LAST - FIRST + 1));
      if (others.has(port) || !(await isFree(port))) continue;
      this.#claimed.set(name, port);
      if (port !== remembered) await writeJsonAtomic(this.#file, { ...known, [name]: port });
      if (remembered === undefined || port === remembered) return { port };
      return { port, gaveUp: { port: remembered, holder: await portHolder(remembered) } };
    }
    throw new WorkbenchError({
      code: "ports.none_free",
      detail: `No port between ${FIRST} and ${LAST} is free on 127.0.0.1.`,
      hint: "End programs that hold many ports, then try again.",
      where: { service: name },
    });
  }

  async #remembered(): Promise<Record<string, number>> {
    // A damaged file costs no more than new port numbers.
    const parsed = PortsFile.safeParse(await readJsonIfPresent(this.#file).catch(() => undefined));
    return parsed.success ? parsed.data : {};
  }

  /** Different workspaces start from different places, so that two of them seldom meet. */
  #preferred(name: string): number {
    const hash = createHash("sha256").update(`${this.#file}\0${name}`).digest().readUInt32BE(0);
    return FIRST + (hash % (LAST - FIRST + 1));
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.unref();
    probe.once("error", () => resolve(false));
    probe.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      probe.close(() => resolve(true));
    });
  });
}
