import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { type DockerConfigPlace, ownDockerConfig, readDockerConfig } from "./docker-config.ts";

/** What the daemon shows a registry when it pulls for us. */
export type RegistryLogin =
  | { readonly username: string; readonly password: string; readonly serveraddress: string }
  | { readonly identitytoken: string; readonly serveraddress: string };

const Config = z.object({
  auths: z
    .record(
      z.string(),
      z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }),
    )
    .default({}),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).default({}),
});

const HelperAnswer = z.object({ Username: z.string(), Secret: z.string() });

/** What a helper gives as the name where its secret is a token. */
const TOKEN = "<token>";
const DOCKER_HUB = "https://index.docker.io/v1/";

/** The registry that an image comes from, by the name that `docker login` keeps it under. */
export function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  const isHost = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  return isHost && first !== "docker.io" ? first : DOCKER_HUB;
}

/**
 * What `docker login` has kept for an image's registry, in the configuration or with the helper that
 * it names; undefined where it has nothing, or the helper cannot tell: most images need no login.
 */
export async function registryLogin(
  image: string,
  place: DockerConfigPlace = ownDockerConfig(),
): Promise<RegistryLogin | undefined> {
  const config = Config.safeParse(readDockerConfig(place, "config.json"));
  if (!config.success) return undefined;
  const { auths, credHelpers, credsStore } = config.data;
  const serveraddress = registryOf(image);
  const helper = credHelpers[serveraddress] ?? credsStore;
  if (helper) return await askHelper(helper, serveraddress, place);
  const kept = auths[serveraddress] ?? auths[`https://${serveraddress}`];
  if (kept?.identitytoken) return { identitytoken: kept.identitytoken, serveraddress };
  const [username, ...password] = Buffer.from(kept?.auth ?? "", "base64")
    .toString()
    .split(":");
  if (!username || password.length === 0) return undefined;
  return { username, password: password.join(":"), serveraddress };
}

/** As the docker command line asks its helpers: the registry on standard input, JSON comes back. */
async function askHelper(
  name: string,
  serveraddress: string,
  { environment }: DockerConfigPlace,
): Promise<RegistryLogin | undefined> {
  // It becomes part of a program's name.
  if (!/^[\w-]+$/.test(name)) return undefined;
  const helper = spawn(`docker-credential-${name}`, ["get"], {
    env: { ...environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  try {
    const said = text(helper.stdout);
    // One that is not there, or ends at once, reads nothing.
    helper.stdin.on("error", () => undefined);
    helper.stdin.end(serveraddress);
    const [code] = await once(helper, "close");
    if (code !== 0) return undefined;
    const { Username, Secret } = HelperAnswer.parse(JSON.parse(await said));
    return Username === TOKEN
      ? { identitytoken: Secret, serveraddress }
      : { username: Username, password: Secret, serveraddress };
  } catch {
    return undefined;
  }
}
