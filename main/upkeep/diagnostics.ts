import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Check } from "../runtime/doctor.ts";
import { ServiceLog } from "../runtime/log-files.ts";

const LINES_A_LOG = 400;

export type Diagnostics = {
  version: string;
  made: string;
  checks: readonly Check[];
  services: readonly object[];
  /** The last lines of each log, by its file's name. */
  logs: Record<string, string[]>;
};

/**
 * What somebody who mends a fault has to see, and nothing that is secret: every value of `secrets`
 * is blotted out wherever it stands, and so is the name of the user's home folder.
 */
export async function diagnose(facts: {
  version: string;
  checks: readonly Check[];
  services: readonly object[];
  logFolder: string;
  secrets: readonly string[];
  home: string;
  now: Date;
}): Promise<Diagnostics> {
  const names = (await readdir(facts.logFolder)).filter((name) => name.endsWith(".log"));
  const logs = await Promise.all(
    names.map(async (name) => {
      const lines = await new ServiceLog(join(facts.logFolder, name)).tail(LINES_A_LOG);
      return [name, lines] as const;
    }),
  );
  const { version, checks, services, now } = facts;
  const whole = {
    version,
    made: now.toISOString(),
    checks,
    services,
    logs: Object.fromEntries(logs),
  };
  return blotted(whole, facts.secrets, facts.home);
}

function blotted(whole: Diagnostics, secrets: readonly string[], home: string): Diagnostics {
  let text = JSON.stringify(whole);
  for (const secret of secrets) text = text.replaceAll(secret, "[secret]");
  // As it stands inside a JSON text, where Windows' separators are doubled.
  if (home.length > 1) text = text.replaceAll(JSON.stringify(home).slice(1, -1), "~");
  return JSON.parse(text);
}
