import { readFileSync } from "node:fs";
import { z } from "zod";
import { writeJsonAtomic } from "../../runtime/atomic-file.ts";
import type { Plan, PlannedService } from "../plan.ts";

const Moves = z.array(z.object({ service: z.string(), from: z.int(), to: z.int() }));
type Move = z.infer<typeof Moves>[number];

/** Ports that services of a workspace have in place of those that other programs hold. */
export class MovedPorts {
  readonly #file: string;

  /** @param file where they are remembered, such as `WORKSPACE/run/docker-ports.json`. */
  constructor(file: string) {
    this.#file = file;
  }

  async add(move: Move): Promise<void> {
    const known = this.#read();
    // One that was moved before is moved on, from where the compose files have it.
    const before = known.find(({ service, to }) => service === move.service && to === move.from);
    const others = known.filter((one) => one !== before);
    await writeJsonAtomic(this.#file, [...others, { ...move, from: before?.from ?? move.from }]);
  }

  /** The same plan with the ports that were chosen. */
  applied(plan: Plan): Plan {
    const moves = this.#read();
    if (moves.length === 0) return plan;
    const moved = (services: Readonly<Record<string, PlannedService>>) =>
      Object.fromEntries(
        Object.values(services).map((service) => [service.name, withPorts(service, moves)]),
      );
    return { ...plan, services: moved(plan.services), disabled: moved(plan.disabled) };
  }

  #read(): readonly Move[] {
    try {
      return Moves.parse(JSON.parse(readFileSync(this.#file, "utf8")));
    } catch {
      // Without the file nothing was moved; a damaged one costs the ports that were chosen.
      return [];
    }
  }
}

function withPorts(service: PlannedService, moves: readonly Move[]): PlannedService {
  const { ports } = service.model;
  if (!ports) return service;
  const moved = ports.map((port) => {
    const move = moves.find(
      (one) => one.service === service.name && String(one.from) === port.published,
    );
    return move ? { ...port, published: String(move.to) } : port;
  });
  return { ...service, model: { ...service.model, ports: moved } };
}
