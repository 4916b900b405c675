import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import { isSealed, type SecretSeal } from "./secret-seal.ts";

/** What the workbench starts its own services with, and shows them. */
const OWN: readonly string[] = [
  "engine",
  "endpoint",
  "router-control",
  "postgres",
  "mlflow-database",
  "index-database",
  "index-reader",
  "s3-root",
  "mlflow-s3",
  "engine-s3",
  "metrics",
  "grafana",
  "notebooks",
];

const SecretsFile = z.record(z.string(), z.string().min(16));

/**
 * The workspace's tokens, in one file that only its owner may read. A secret is made when it is
 * first asked for; there are no default passwords.
 *
 * Those of the workbench's own services are readable with that file alone, also where a person set
 * them: whichever shell opens the workspace next needs them to start. What a person sets for others
 * is sealed besides, where the desktop window lent the key that the system's keychain keeps.
 */
export class Secrets {
  readonly #path: string;
  readonly #seal: SecretSeal | null;

  constructor(path: string, seal: SecretSeal | null = null) {
    this.#path = path;
    this.#seal = seal;
  }

  /** The secret of that name: 256 bits, URL-safe, unless a person set another. */
  get(name: string): string {
    const known = this.#read();
    const present = known[name];
    const value =
      present === undefined ? randomBytes(32).toString("base64url") : this.#opened(name, present);
    const isToBeKept = present === undefined || (isSealed(present) && OWN.includes(name));
    if (isToBeKept) this.#write({ ...known, [name]: value });
    return value;
  }

  /** What there is a secret for; never the values. */
  names(): string[] {
    return Object.keys(this.#read()).sort();
  }

  /** Puts a new one in its place: `value`, or one that is generated. */
  replace(name: string, value = randomBytes(32).toString("base64url")): void {
    const kept = OWN.includes(name) ? value : (this.#seal?.seal(value) ?? value);
    this.#write({ ...this.#read(), [name]: kept });
  }

  /** Every value, to be blotted out of what leaves this machine. */
  values(): string[] {
    return Object.entries(this.#read()).flatMap(([name, value]) =>
      // One that cannot be opened here was never in this process's reach, nor in its logs.
      isSealed(value) && !this.#seal ? [] : [this.#opened(name, value)],
    );
  }

  #opened(name: string, value: string): string {
    if (!isSealed(value)) return value;
    try {
      if (this.#seal) return this.#seal.open(value);
    } catch {
      // The key is another one: the file came from another machine, or another user.
    }
    throw new WorkbenchError({
      code: "secrets.sealed",
      detail: `The secret ${name} is sealed with a key that the system's keychain keeps.`,
      hint: `Open the workspace in the desktop window, or delete the secret from ${this.#path}.`,
      where: { secret: name, file: this.#path },
    });
  }

  #read(): Record<string, string> {
    let text: string;
    try {
      text = readFileSync(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return {};
      throw error;
    }
    try {
      return SecretsFile.parse(JSON.parse(text));
    } catch (error) {
      throw new WorkbenchError(
        {
          code: "secrets.damaged",
          detail: `The secrets file ${this.#path} cannot be read as JSON of names and tokens.`,
          hint: "Delete it and start again: new tokens are generated, and clients need the new ones.",
          where: { file: this.#path },
        },
        { cause: error },
      );
    }
  }

  /** Synchronous on purpose: a token must be on the disk before anything is started with it. */
  #write(secrets: Record<string, string>): void {
    const aside = `${this.#path}.${process.pid}.tmp`;
    const file = openSync(aside, "w", 0o600);
    try {
      writeSync(file, `${JSON.stringify(secrets, null, 2)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, this.#path);
  }
}
