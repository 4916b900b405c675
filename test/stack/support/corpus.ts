import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { LoadOptions } from "../../../main/stack/compose/load.ts";

const FOLDER = join(import.meta.dirname, "../corpus");

/** What every case is read with; the home folder so that `~` means the same everywhere. */
export const ENVIRONMENT = { FROM_OS: "os value", EMPTY: "", HOME: process.env.HOME } as const;

export interface Case {
  readonly name: string;
  readonly folder: string;
  readonly files: readonly string[];
  readonly profiles: readonly string[];
  /** What docker compose printed, with the folder of the corpus and the home folder named. */
  readonly expectedFile: string;
  readonly refused: boolean;
}

/** Compose files, one case a folder; `override.yaml` is laid over `compose.yaml`. */
export function corpus(): Case[] {
  return readdirSync(FOLDER)
    .sort()
    .map((name) => {
      const folder = join(FOLDER, name);
      const override = join(folder, "override.yaml");
      return {
        name,
        folder,
        files: [join(folder, "compose.yaml"), ...(existsSync(override) ? [override] : [])],
        profiles: name === "profiles" ? ["one"] : [],
        expectedFile: join(folder, "expected.json"),
        refused: name.startsWith("refused-"),
      };
    });
}

export function loadOptions(one: Case): LoadOptions {
  return {
    files: one.files,
    environment: ENVIRONMENT,
    ...(one.profiles.length > 0 ? { profiles: one.profiles } : {}),
  };
}

/** The expected form on this machine. */
export function expectedOf(one: Case): unknown {
  const text = readFileSync(one.expectedFile, "utf8");
  return JSON.parse(
    text.replaceAll("{{corpus}}", FOLDER).replaceAll("{{home}}", process.env.HOME ?? ""),
  );
}

/** The expected form as it can be kept: without the places of this machine. */
export function portable(text: string): string {
  return text.replaceAll(FOLDER, "{{corpus}}").replaceAll(`"${process.env.HOME}`, '"{{home}}');
}
