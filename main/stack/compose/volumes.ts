import { posix } from "node:path";
import { type Path, refusal } from "./tree.ts";

/** A mount in its long form. */
export interface Mount {
  type: "bind" | "volume";
  source?: string;
  target: string;
  read_only?: boolean;
  bind?: { propagation?: string; selinux?: string; create_host_path?: boolean };
  volume?: { nocopy?: boolean };
}

const PROPAGATION = new Set(["rprivate", "private", "rshared", "shared", "rslave", "slave"]);

/** `source:target:options`, in which a source that looks like a path is a folder of the machine. */
export function volumeOf(text: string, path: Path): Mount {
  // A letter before a colon is a Windows drive, not a part of its own.
  const parts = [...text.matchAll(/((?:^|(?<=:))[A-Za-z]:[^:]*|[^:]*)(?::|$)/g)].map((m) => m[1]);
  // The pattern matches once more, empty, at the end of the text.
  parts.pop();
  if (parts.some((part) => part === "") || parts.length === 0 || parts.length > 3) {
    throw refusal("bad_volume", `${JSON.stringify(text)} is not a volume`, {
      path,
      hint: "Write it as SOURCE:TARGET or SOURCE:TARGET:OPTIONS.",
    });
  }
  const [source, target] = (parts.length === 1 ? [undefined, parts[0]] : parts) as [
    string | undefined,
    string,
  ];
  const bind = source !== undefined && isFolder(source);
  const mount: Mount = {
    type: bind ? "bind" : "volume",
    ...(source === undefined ? {} : { source }),
    target: posix.normalize(target).replace(/(.)\/$/, "$1"),
  };
  for (const option of parts[2]?.split(",") ?? []) {
    if (option === "ro") mount.read_only = true;
    if (option === "nocopy") mount.volume = { nocopy: true };
    if (PROPAGATION.has(option)) mount.bind = { ...mount.bind, propagation: option };
    if (option === "z" || option === "Z") mount.bind = { ...mount.bind, selinux: option };
  }
  if (bind) mount.bind = { ...mount.bind, create_host_path: true };
  // A target of one or two characters has no room for more, and compose adds nothing to it.
  else if (text.length > 2) mount.volume = mount.volume ?? {};
  return mount;
}

function isFolder(source: string): boolean {
  return /^[./~]/.test(source) || source.startsWith("\\\\") || /^[A-Za-z]:/.test(source);
}
