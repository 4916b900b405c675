import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type CompletePolicy,
  completePolicy,
  GatePolicy,
  type OwnGates,
  ShippedPolicy,
} from "../../contract/gate-policy.ts";
import { faultsTold, readDocument } from "../../contract/idea-document.ts";
import { WorkbenchError } from "../../contract/problem.ts";

const SUFFIX = ".policy.yaml";

/** The gate policies that an idea may name: those that ship, and a workspace's own. */
export class Policies {
  readonly #shipped: string;
  readonly #own: string;

  /** @param own may not exist: most workspaces have none */
  constructor(shipped: string, own: string) {
    this.#shipped = shipped;
    this.#own = own;
  }

  /** The shipped ones from the mildest to the strictest, then a workspace's own. */
  names(): string[] {
    if (!existsSync(this.#own)) return [...ShippedPolicy.options];
    const own = readdirSync(this.#own)
      .filter((file) => file.endsWith(SUFFIX))
      .map((file) => file.slice(0, -SUFFIX.length))
      .filter((name) => !isShipped(name));
    return [...ShippedPolicy.options, ...own.sort()];
  }

  /** The document of a policy. A shipped one cannot be replaced by a file of its name. */
  get(name: string): GatePolicy {
    const folder = isShipped(name) ? this.#shipped : this.#own;
    const file = join(folder, `${name}${SUFFIX}`);
    if (!existsSync(file)) {
      throw new WorkbenchError({
        code: "policy.unknown",
        detail: `There is no gate policy ${JSON.stringify(name)}.`,
        hint: `Choose one of ${this.names().join(", ")}, or write ${name}${SUFFIX} into the folder policies of the workspace.`,
        where: { file, fields: ["gates.policy"] },
      });
    }
    const { document, faults } = readDocument(readFileSync(file, "utf8"), GatePolicy);
    if (document && document.name === name) return document;
    const told = document ? `name must be ${name}, as the file is called` : faultsTold(faults);
    throw new WorkbenchError({
      code: "policy.invalid",
      detail: `${name}${SUFFIX} is not a valid gate policy: ${told}.`,
      hint: "Compare it with a shipped one; `ideas policy research` prints one.",
      where: {
        file,
        line: faults[0]?.line ?? null,
        fields: document ? ["name"] : faults.map(({ path }) => path.join(".")),
      },
    });
  }

  /** The policy that holds for an idea, complete. */
  of(gates: OwnGates): CompletePolicy {
    const own = this.get(gates.policy);
    return completePolicy(own.based_on ? this.get(own.based_on) : own, own, gates);
  }
}

function isShipped(name: string): boolean {
  return ShippedPolicy.safeParse(name).success;
}
