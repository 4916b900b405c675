import { Capabilities } from "../engine/wire.ts";
import { readJsonIfPresent, writeJsonAtomic } from "../runtime/atomic-file.ts";

/** The part that the engine's sources alone decide. */
const StepCapabilities = Capabilities.pick({ steps: true });
type StepCapabilities = Pick<Capabilities, "steps">;

export type RememberedCapabilitiesOptions = {
  /** Asks the engine, which may have to be started first. */
  readonly ask: () => Promise<StepCapabilities>;
  /** What the answer depends on: a hash of the engine's sources. */
  readonly revision: () => Promise<string>;
  /** Where the answer is kept. */
  readonly file: string;
};

/**
 * What the engine can do, kept beside the revision of its sources: a run that finds every step in
 * the cache needs to know the steps' code versions, but no engine, and need not wait for one.
 */
export class RememberedCapabilities {
  readonly #options: RememberedCapabilitiesOptions;

  constructor(options: RememberedCapabilitiesOptions) {
    this.#options = options;
  }

  async get(): Promise<StepCapabilities> {
    const { ask, revision, file } = this.#options;
    const current = await revision();
    const kept = await readKept(file);
    if (kept?.revision === current) return kept.capabilities;
    const { steps } = await ask();
    const capabilities = { steps };
    await writeJsonAtomic(file, { revision: current, capabilities });
    return capabilities;
  }
}

async function readKept(file: string) {
  try {
    const kept = (await readJsonIfPresent(file)) as { revision: string; capabilities: unknown };
    return (
      kept && { revision: kept.revision, capabilities: StepCapabilities.parse(kept.capabilities) }
    );
  } catch {
    // Written by another version, or damaged: the engine is asked, and it is written anew.
    return undefined;
  }
}
