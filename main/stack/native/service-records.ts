import { z } from "zod";
import { readJsonIfPresent, writeJsonAtomic } from "../../runtime/atomic-file.ts";

const ServiceRecord = z.object({
  pid: z.int(),
  started: z.string(),
  ports: z.record(z.string(), z.int()),
  fingerprint: z.string(),
});
/** A process that runs for this workspace, as it can be found again after a crash. */
export type ServiceRecord = z.infer<typeof ServiceRecord>;

const RecordsFile = z.record(z.string(), ServiceRecord);

/** `run/services.json`: the processes of this workspace, by service. */
export class ServiceRecords {
  readonly #path: string;
  #records: Record<string, ServiceRecord> | undefined;
  #writing: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async all(): Promise<Readonly<Record<string, ServiceRecord>>> {
    if (!this.#records) {
      const parsed = RecordsFile.safeParse(
        await readJsonIfPresent(this.#path).catch(() => undefined),
      );
      this.#records ??= parsed.success ? parsed.data : {};
    }
    return this.#records;
  }

  async set(name: string, record: ServiceRecord): Promise<void> {
    this.#records = { ...(await this.all()), [name]: record };
    await this.#write();
  }

  async delete(name: string): Promise<void> {
    const { [name]: gone, ...rest } = await this.all();
    if (!gone) return;
    this.#records = rest;
    await this.#write();
  }

  #write(): Promise<void> {
    this.#writing = this.#writing
      .catch(() => undefined)
      .then(() => writeJsonAtomic(this.#path, this.#records, { mode: 0o600 }));
    return this.#writing;
  }
}
