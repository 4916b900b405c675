import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** What stands in a folder of the product: each file by its name. */
export const filesOf = (folder: string): Record<string, string> => filesIn(join(ROOT, folder));

/** What a script that generates such a folder would put there today. */
export function generatedToday(
  script: string,
  env: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const output = mkdtempSync(join(tmpdir(), "generated-"));
  try {
    execFileSync(process.execPath, [join(ROOT, script), "--output", output], {
      env: { ...process.env, ...env },
    });
    return filesIn(output);
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  // Git may check files out with the system's own line ends.
  return Object.fromEntries(
    names.map((name) => [name, readFileSync(join(folder, name), "utf8").replaceAll("\r\n", "\n")]),
  );
}
