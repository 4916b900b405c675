import { existsSync } from "node:fs";
import { join } from "node:path";
import type Docker from "dockerode";
import type { Plan, PlannedService } from "../plan.ts";
import { buildContext } from "./build-context.ts";
import { imageOf, ulimitsOf } from "./container-spec.ts";
import { reasonOf, serviceError, statusOf } from "./errors.ts";
import { LABEL, OWN_IMAGE, repositoryOf } from "./labels.ts";
import { registryLogin, registryOf } from "./registry-login.ts";

/** How far the making of an image is; `layer` for pulls, `line` for builds. */
export type ImageProgress = { readonly image: string; readonly service: string } & (
  | {
      readonly kind: "pull";
      readonly layer: string;
      readonly status: string;
      readonly current: number;
      readonly total: number;
    }
  | { readonly kind: "build"; readonly line: string }
);

export interface ImageOptions {
  /** Builds even what is there already. */
  readonly build: boolean;
  readonly signal: AbortSignal;
  onProgress(progress: ImageProgress): void;
}

/** Sees to it that every image is there, and tells the id of each service's image. */
export async function ensureImages(
  docker: Docker,
  plan: Plan,
  services: readonly PlannedService[],
  options: ImageOptions,
): Promise<Map<string, string>> {
  const present = await presentImages(docker);
  const making = new Map<string, Promise<string>>();
  // A service may leave it to another to say how the image of both is built.
  const builders = services.filter(({ model }) => model.build);
  const others = services.filter(({ model }) => !model.build);
  const ids = await Promise.all(
    [...builders, ...others].map(async (service): Promise<[string, string]> => {
      const image = imageOf(plan, service);
      // Services of one image wait for one pull or build.
      let made = making.get(image);
      if (!made) {
        made = ensureImage(docker, image, service, present.get(withTag(image)), options);
        making.set(image, made);
      }
      return [service.name, await made];
    }),
  );
  return new Map(ids);
}

async function ensureImage(
  docker: Docker,
  image: string,
  service: PlannedService,
  listed: string | undefined,
  options: ImageOptions,
): Promise<string> {
  const { build, pull_policy: policy = "missing" } = service.model;
  // An image may be named by its id or digest, which the list does not show.
  const present = listed ?? (await imageId(docker, image));
  if (build && (options.build || policy === "build" || (!present && policy !== "always"))) {
    return buildImage(docker, image, service, options);
  }
  if (present && policy !== "always") return present;
  if (policy === "never") {
    throw serviceError(
      service.name,
      "docker.image_missing",
      `The image ${image} is not on this machine, and its pull_policy is never.`,
      "Pull or build it, or change pull_policy.",
      { image },
    );
  }
  await pull(docker, image, service, options);
  const pulled = await imageId(docker, image);
  if (pulled) return pulled;
  throw serviceError(
    service.name,
    "docker.image_missing",
    `The image ${image} was pulled, and yet is not there.`,
    "Its platform may not be this machine's.",
    { image },
  );
}

async function presentImages(docker: Docker): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { Id, RepoTags, RepoDigests } of await docker.listImages()) {
    for (const name of [...(RepoTags ?? []), ...(RepoDigests ?? [])]) ids.set(name, Id);
  }
  return ids;
}

async function imageId(docker: Docker, image: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(image).inspect()).Id;
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 400) return undefined;
    throw error;
  }
}

async function pull(
  docker: Docker,
  image: string,
  service: PlannedService,
  { signal, onProgress }: ImageOptions,
): Promise<void> {
  try {
    const { platform } = service.model;
    const authconfig = await registryLogin(image);
    const stream = await docker.pull(withTag(image), {
      abortSignal: signal,
      ...(authconfig ? { authconfig } : {}),
      ...(platform ? { platform } : {}),
    });
    await lines(stream as NodeJS.ReadableStream, (event) => {
      if (event.error) throw new Error(event.error);
      onProgress({
        kind: "pull",
        image,
        service: service.name,
        layer: event.id ?? "",
        status: event.status ?? "",
        current: event.progressDetail?.current ?? 0,
        total: event.progressDetail?.total ?? 0,
      });
    });
  } catch (error) {
    signal.throwIfAborted();
    const reason = reasonOf(error);
    const registry = registryOf(image);
    throw serviceError(
      service.name,
      "docker.image_missing",
      `The image ${image} of ${service.name} is not on this machine and cannot be pulled: ${reason}`,
      /unauthorized|denied|credentials/i.test(reason)
        ? `Check its name, or log in with \`docker login ${registry}\`.`
        : "Check its name and the network, or load it with `docker load`.",
      { image },
    );
  }
}

async function buildImage(
  docker: Docker,
  image: string,
  service: PlannedService,
  { signal, onProgress }: ImageOptions,
): Promise<string> {
  const build = service.model.build ?? {};
  const folder = build.context as string;
  const said: string[] = [];
  const failed = (why: string) =>
    serviceError(
      service.name,
      "docker.build_failed",
      `The image of ${service.name} could not be built: ${why}`,
      "The last lines of the build say where it stopped.",
      { image, context: folder, last_lines: said.slice(-20) },
    );
  if (!existsSync(folder)) throw failed(`there is no folder ${folder}`);
  const file = build.dockerfile ?? "Dockerfile";
  if (
    build.dockerfile_inline === undefined &&
    !existsSync(join(folder, file)) &&
    !existsSync(file)
  ) {
    throw failed(`there is no ${file} in ${folder}`);
  }
  const { stream: context, dockerfile } = buildContext(build);
  const args = Object.entries(build.args ?? {}).filter(([, value]) => value !== null);
  let id = "";
  try {
    const stream = await docker.buildImage(
      context as NodeJS.ReadableStream,
      {
        t: image,
        dockerfile,
        buildargs: Object.fromEntries(args) as Record<string, string>,
        labels: {
          ...build.labels,
          [LABEL.builder]: "classic",
          [OWN_IMAGE]: repositoryOf(image),
        },
        nocache: Boolean(build.no_cache),
        rm: true,
        forcerm: true,
        abortSignal: signal,
        ...(build.pull ? { pull: "1" } : {}),
        ...(build.target ? { target: build.target } : {}),
        ...(build.network ? { networkmode: build.network } : {}),
        ...(build.shm_size ? { shmsize: Number(build.shm_size) } : {}),
        ...(build.ulimits ? { ulimits: JSON.stringify(ulimitsOf(build.ulimits)) } : {}),
        ...(build.cache_from ? { cachefrom: JSON.stringify(build.cache_from) as never } : {}),
        ...(build.extra_hosts
          ? { extrahosts: build.extra_hosts.map((host) => host.replace("=", ":")).join(",") }
          : {}),
      } as unknown as Docker.ImageBuildOptions,
    );
    await lines(stream, (event) => {
      if (event.error) throw new Error(event.error.trim());
      if (event.aux?.ID) id = event.aux.ID;
      for (const line of (event.stream ?? event.status ?? "").split("\n")) {
        if (line.trim() === "") continue;
        said.push(line);
        if (said.length > 100) said.shift();
        onProgress({ kind: "build", image, service: service.name, line });
      }
    });
  } catch (error) {
    signal.throwIfAborted();
    throw failed(reasonOf(error));
  }
  for (const tag of build.tags ?? []) {
    const [repo, name] = splitTag(tag);
    await docker.getImage(image).tag({ repo, tag: name });
  }
  return id || ((await imageId(docker, image)) as string);
}

type StreamEvent = {
  id?: string;
  status?: string;
  stream?: string;
  error?: string;
  aux?: { ID?: string };
  progressDetail?: { current?: number; total?: number };
};

/** The daemon tells of its progress in lines of JSON. */
async function lines(
  stream: NodeJS.ReadableStream,
  onEvent: (event: StreamEvent) => void,
): Promise<void> {
  let rest = "";
  for await (const chunk of stream) {
    rest += String(chunk);
    const whole = rest.split("\n");
    rest = whole.pop() ?? "";
    for (const line of whole) if (line.trim()) onEvent(JSON.parse(line) as StreamEvent);
  }
  if (rest.trim()) onEvent(JSON.parse(rest) as StreamEvent);
}

/** `name` means `name:latest`, as everywhere in Docker. */
export function withTag(image: string): string {
  const plain = image.replace(/^docker\.io\/(library\/)?/, "");
  const last = plain.slice(plain.lastIndexOf("/") + 1);
  return last.includes(":") || plain.includes("@") || /^sha256:/.test(plain)
    ? plain
    : `${plain}:latest`;
}

function splitTag(image: string): [string, string] {
  const whole = withTag(image);
  const at = whole.lastIndexOf(":");
  return [whole.slice(0, at), whole.slice(at + 1)];
}
