import { posix, win32 } from "node:path";
import type Docker from "dockerode";
import { refusal } from "../compose/tree.ts";
import type { Plan, ServiceModel } from "../plan.ts";

type Mount = NonNullable<ServiceModel["volumes"]>[number];
type FileMount = NonNullable<ServiceModel["secrets"]>[number];
export type Mounts = { Binds: string[]; Mounts: Docker.MountSettings[] };

/** A volume without a name that a container leaves to the one that replaces it. */
export interface Inherited {
  readonly target: string;
  readonly volume: string;
}

/** What a container sees of volumes, folders and files; secrets and configs are files. */
export function mountsOf(
  plan: Plan,
  model: ServiceModel,
  inherited: readonly Inherited[] = [],
): Mounts {
  const binds: string[] = [];
  const mounts = new Map<string, Docker.MountSettings>();
  for (const { target, volume } of inherited) {
    mounts.set(target, { Type: "volume", Source: volume, Target: target } as Docker.MountSettings);
  }
  for (const volume of model.volumes ?? []) {
    const target = volume.target as string;
    const anonymous = volume.type === "volume" && !volume.source;
    if (anonymous && mounts.has(target)) continue;
    // Only a bind in short form makes the folder where it is missing.
    if (volume.type === "bind" && volume.bind?.create_host_path) binds.push(bindText(volume));
    else mounts.set(target, mountOf(plan, volume));
  }
  for (const file of filesOf(plan, model)) {
    if (!file.source) continue;
    const { source, target } = file;
    mounts.set(target, {
      Type: "bind",
      Source: source,
      Target: target,
      ReadOnly: true,
    } as Docker.MountSettings);
  }
  return { Binds: binds, Mounts: [...mounts.values()] };
}

function mountOf(plan: Plan, volume: Mount): Docker.MountSettings {
  const planned =
    volume.type === "volume" && volume.source ? plan.volumes[volume.source] : undefined;
  return {
    Type: volume.type,
    Source: planned?.name ?? volume.source ?? "",
    Target: volume.target,
    ReadOnly: Boolean(volume.read_only),
    ...(volume.consistency ? { Consistency: volume.consistency } : {}),
    ...(volume.bind ? { BindOptions: { Propagation: volume.bind.propagation ?? "" } } : {}),
    ...(volume.volume ? { VolumeOptions: { NoCopy: Boolean(volume.volume.nocopy) } } : {}),
    ...(volume.tmpfs
      ? {
          TmpfsOptions: { SizeBytes: Number(volume.tmpfs.size ?? 0), Mode: volume.tmpfs.mode ?? 0 },
        }
      : {}),
  } as Docker.MountSettings;
}

function bindText({ source, target, read_only, bind }: Mount): string {
  const options = [read_only ? "ro" : "rw", bind?.selinux, bind?.propagation].filter(Boolean);
  return `${source}:${target}:${options.join(",")}`;
}

/** A secret or config of a container: a file of this machine, or text that is copied in. */
export interface ContainerFile {
  readonly target: string;
  readonly source?: string;
  readonly content?: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export function filesOf(plan: Plan, model: ServiceModel): ContainerFile[] {
  return [
    ...(model.secrets ?? []).map((one) => fileOf(plan, one, plan.secrets, "/run/secrets/")),
    ...(model.configs ?? []).map((one) => fileOf(plan, one, plan.configs, "/")),
  ];
}

function fileOf(
  plan: Plan,
  mount: FileMount,
  sources: Readonly<Record<string, { file?: string; environment?: string; content?: string }>>,
  folder: string,
): ContainerFile {
  const from = sources[mount.source ?? ""] ?? {};
  const target = mount.target ?? mount.source ?? "";
  const given = {
    target: posix.isAbsolute(target) || win32.isAbsolute(target) ? target : `${folder}${target}`,
    mode: mount.mode ?? 0o444,
    uid: Number(mount.uid ?? 0),
    gid: Number(mount.gid ?? 0),
  };
  if (from.file) return { ...given, source: from.file };
  const content = from.environment ? plan.variables[from.environment] : from.content;
  if (content === undefined) {
    throw refusal("variable_required", `the variable ${from.environment} is not set`, {
      hint: `${mount.source} takes its content from it.`,
    });
  }
  return { ...given, content };
}
