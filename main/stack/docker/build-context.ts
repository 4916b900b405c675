import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join, relative, sep } from "node:path";
import { Readable } from "node:stream";
import tar from "tar-fs";
import type { ServiceModel } from "../plan.ts";

// Its types speak of a default export; the module itself is the function.
const dockerignore = createRequire(import.meta.url)("@balena/dockerignore") as (options?: {
  ignorecase?: boolean;
}) => { add(rules: string): { ignores(path: string): boolean } };

type Build = NonNullable<ServiceModel["build"]>;

export interface BuildContext {
  readonly stream: NodeJS.ReadableStream;
  /** The Dockerfile's name inside the context. */
  readonly dockerfile: string;
}

/** A folder as the daemon wants it for a build, without what `.dockerignore` leaves out. */
export function buildContext(build: Build): BuildContext {
  const folder = build.context as string;
  const inline = build.dockerfile_inline;
  const file = build.dockerfile ?? "Dockerfile";
  const path = isAbsolute(file) ? file : join(folder, file);
  const inside = relative(folder, path);
  const outside = inside.startsWith("..") || isAbsolute(inside);
  // A Dockerfile that is not in the folder travels along under a name that nothing else has.
  const dockerfile =
    inline !== undefined || outside ? ".breadthflow.Dockerfile" : inside.split(sep).join("/");
  const ignore = ignored(folder, path);
  const pack = tar.pack(folder, {
    ignore: (name) => {
      const within = relative(folder, name).split(sep).join("/");
      const needed = within === "" || `${dockerfile}/`.startsWith(`${within}/`);
      return !needed && ignore(within);
    },
    finalize: false,
    finish(packing) {
      if (inline !== undefined || outside) {
        packing.entry({ name: dockerfile }, inline ?? readFileSync(path, "utf8"));
      }
      packing.finalize();
    },
  });
  return { stream: new Readable().wrap(pack as unknown as NodeJS.ReadableStream), dockerfile };
}

function ignored(folder: string, dockerfile: string): (path: string) => boolean {
  // `NAME.dockerignore` beside a Dockerfile goes before the folder's own.
  const own = join(dirname(dockerfile), `${basename(dockerfile)}.dockerignore`);
  const file = [own, join(folder, ".dockerignore")].find((one) => existsSync(one));
  if (!file) return () => false;
  const text = readFileSync(file, "utf8");
  const rules = dockerignore().add(text);
  const kept = text
    .split("\n")
    .map((line) => /^!\/?(.+?)\/?\s*$/.exec(line)?.[1])
    .filter((line) => line !== undefined);
  // A folder that is left out may hold something that is taken in again.
  const leadsTo = (path: string) =>
    kept.some((one) => /[*?[]/.test(one) || one.startsWith(`${path}/`));
  return (path) => rules.ignores(path) && !leadsTo(path);
}
