import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { z } from "zod";
import { WorkbenchError } from "../../contract/problem.ts";
import { isSealed, type SecretSeal } from "./secret-seal.ts";

const SecretsFile = z.record(z.string(), z.string().min(16));

/**
 * The workspace's tokens, in one file that only its owner may read. A secret is made when it is
 * first asked for; there are no default passwords. What a person sets is sealed besides, where the
 * desktop window lent the key that the system's keychain keeps: it may be worth something
 * elsewhere, which a generated token for a service on loopback is not.
 */
export class Secrets {
  readonly #path: string;
  readonly #seal: SecretSeal | null;

  constructor(path: string, seal: SecretSeal | null = null) {
    this.#path = path;
    this.#seal = seal;
  }

  /** The secret of that name: 256 bits, URL-safe. */
  get(name: string): string {
    const known = this.#read();
    const present = known[name];
    if (present !== undefined) return this.#opened(name, present);
    const made = randomBytes(32).toString("base64url");
    this.#write({ ...known, [name]: made });
    return made;
  }

  /** What there is a secret for; never the values. */
  names(): string[] {
    return Object.keys(this.#read()).sort();
  }

  /** Puts a new one in its place: `value`, or one that is generated. */
  replace(name: string, value?: string): void {
    const kept =
      value === undefined
        ? randomBytes(32).toString("base64url")
        : (this.#seal?.seal(value) ?? value);
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
      hint: "Open the workspace in the desktop window, or set the secret anew in Settings.",
      where: { secret: name },
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
