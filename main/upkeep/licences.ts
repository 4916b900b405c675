import { existsSync, readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Licence } from "../../contract/settings.ts";

/** What the product is made of, and under which licences: the npm lock and Python's own records. */
export async function licencesOf(options: {
  packageLock: string;
  /** Folders of the Python environments that are installed. */
  environments: readonly string[];
}): Promise<Licence[]> {
  const python = await Promise.all(options.environments.map(pythonLicences));
  const all = [...npmLicences(options.packageLock), ...python.flat()];
  const one = new Map(
    all.map((found) => [`${found.language} ${found.name} ${found.version}`, found]),
  );
  return [...one.values()].sort((a, b) => a.name.localeCompare(b.name));
}

function npmLicences(packageLock: string): Licence[] {
  if (!existsSync(packageLock)) return [];
  const lock: { packages: Record<string, { version?: string; license?: string; dev?: boolean }> } =
    JSON.parse(readFileSync(packageLock, "utf8"));
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== "" && !entry.dev)
    .map(([path, entry]) => ({
      name: path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
      version: entry.version ?? "",
      licence: entry.license ?? "not stated",
      language: "JavaScript" as const,
    }));
}

async function pythonLicences(environment: string): Promise<Licence[]> {
  const packages = await sitePackages(environment);
  if (!packages) return [];
  const records = (await readdir(packages)).filter((name) => name.endsWith(".dist-info"));
  return await Promise.all(
    records.map(async (record) => {
      const text = await readFile(join(packages, record, "METADATA"), "utf8").catch(() => "");
      const head = text.slice(0, text.search(/\r?\n\r?\n/));
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(head)?.[1]?.trim();
      const classifiers = [
        ...head.matchAll(/^Classifier: License :: (?:OSI Approved :: )?(.*)$/gm),
      ];
      return {
        name: field("Name") ?? record.replace(/-[^-]*\.dist-info$/, ""),
        version: field("Version") ?? "",
        // `License` sometimes holds the whole text: then its classifier says it shorter.
        licence:
          field("License-Expression") ??
          (classifiers.map((match) => match[1]?.trim()).join(", ") ||
            field("License")?.slice(0, 80) ||
            "not stated"),
        language: "Python" as const,
      };
    }),
  );
}

async function sitePackages(environment: string): Promise<string | undefined> {
  const windows = join(environment, "Lib", "site-packages");
  if (existsSync(windows)) return windows;
  const lib = join(environment, "lib");
  const versions = await readdir(lib).catch(() => []);
  const python = versions.find((name) => name.startsWith("python"));
  return python && join(lib, python, "site-packages");
}
