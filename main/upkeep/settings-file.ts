import { existsSync, readFileSync } from "node:fs";
import { WorkbenchError } from "../../contract/problem.ts";
import { Settings } from "../../contract/settings.ts";
import { writeJsonAtomic } from "../runtime/atomic-file.ts";

/** What a person set for this workspace; a file of its own, so that it can be read and copied. */
export class SettingsFile {
  readonly #path: string;
  #settings: Settings;

  constructor(path: string) {
    this.#path = path;
    this.#settings = read(path);
  }

  get(): Settings {
    return this.#settings;
  }

  /** Checks that files which the settings name are there, then keeps them. */
  async set(settings: Settings): Promise<Settings> {
    const certificate = settings.network.ca_certificate;
    if (certificate !== null && !existsSync(certificate)) {
      throw new WorkbenchError({
        code: "settings.no_certificate",
        detail: `There is no file ${certificate}.`,
        hint: "Give the full path of a PEM file with the certificates to trust.",
        where: { field: "network.ca_certificate" },
      });
    }
    await writeJsonAtomic(this.#path, settings);
    this.#settings = settings;
    return settings;
  }
}

function read(path: string): Settings {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return Settings.parse({});
    throw error;
  }
  try {
    return Settings.parse(JSON.parse(text));
  } catch (error) {
    throw new WorkbenchError(
      {
        code: "settings.damaged",
        detail: `The settings file ${path} cannot be understood.`,
        hint: "Correct it, or delete it to go back to the settings of the machine.",
        where: { file: path },
      },
      { cause: error },
    );
  }
}
