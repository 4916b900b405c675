import type Docker from "dockerode";
import { WorkbenchError } from "../../../contract/problem.ts";
import type { NetworkModel, Plan, VolumeModel } from "../plan.ts";
import { statusOf } from "./errors.ts";
import { LABEL, ofProject, resourceLabels } from "./labels.ts";

/** Makes the networks and volumes of a plan that are not there; never touches another's. */
export async function ensureResources(docker: Docker, plan: Plan): Promise<void> {
  const [networks, volumes] = await Promise.all([
    docker.listNetworks(),
    docker.listVolumes().then((found) => found.Volumes ?? []),
  ]);
  await Promise.all([
    ...Object.entries(plan.networks).map(([key, network]) =>
      ensureNetwork(docker, plan, key, network, networks),
    ),
    ...Object.entries(plan.volumes).map(([key, volume]) =>
      ensureVolume(docker, plan, key, volume, volumes),
    ),
  ]);
}

/** Takes the plan's networks away, and its volumes where that is asked for. */
export async function removeResources(
  docker: Docker,
  plan: Plan,
  options: { volumes: boolean },
): Promise<void> {
  const filters = ofProject(plan.name);
  const networks = await docker.listNetworks({ filters });
  await Promise.all(
    networks.map(async ({ Id }) => {
      const network = docker.getNetwork(Id);
      const inside = await network.inspect().catch(unlessGone);
      // Containers that others have put into it keep it.
      if (!inside || Object.keys(inside.Containers ?? {}).length > 0) return;
      await network.remove().catch(unlessGone);
    }),
  );
  if (!options.volumes) return;
  const { Volumes: volumes } = await docker.listVolumes({ filters });
  await Promise.all(
    (volumes ?? []).map(({ Name }) => docker.getVolume(Name).remove().catch(unlessGone)),
  );
}

async function ensureNetwork(
  docker: Docker,
  plan: Plan,
  key: string,
  network: NetworkModel,
  present: readonly Docker.NetworkInspectInfo[],
): Promise<void> {
  const name = network.name as string;
  const found = present.find((one) => one.Name === name || one.Id === name);
  if (network.external) {
    if (!found) throw missing("network", key, name);
    return;
  }
  if (found) {
    refuseAnothers("network", name, plan, found.Labels ?? {});
    return;
  }
  const config = network.ipam?.config?.map((pool) => ({
    ...(pool.subnet ? { Subnet: pool.subnet } : {}),
    ...(pool.ip_range ? { IPRange: pool.ip_range } : {}),
    ...(pool.gateway ? { Gateway: pool.gateway } : {}),
    ...(pool.aux_addresses ? { AuxiliaryAddresses: pool.aux_addresses } : {}),
  }));
  const made = await docker
    .createNetwork({
      Name: name,
      CheckDuplicate: true,
      Labels: resourceLabels(plan, "network", key, network.labels),
      ...(network.driver ? { Driver: network.driver } : {}),
      Options: network.driver_opts ?? {},
      Internal: Boolean(network.internal),
      Attachable: Boolean(network.attachable),
      ...(network.enable_ipv6 === undefined ? {} : { EnableIPv6: network.enable_ipv6 }),
      ...(config || network.ipam?.driver
        ? { IPAM: { Driver: network.ipam?.driver ?? "default", Config: config ?? [] } as never }
        : {}),
    })
    // Another program on this project was faster: it is there now.
    .catch((error) => {
      if (statusOf(error) !== 409) throw error;
    });
  if (made) await keepOne(docker, plan, name, made.id);
}

/** The daemon lets two programs make one network at the same moment: the first one stays. */
async function keepOne(docker: Docker, plan: Plan, name: string, made: string): Promise<void> {
  const twins = (await docker.listNetworks({ filters: ofProject(plan.name) }))
    .filter((one) => one.Name === name)
    .sort((a, b) => (`${a.Created}${a.Id}` < `${b.Created}${b.Id}` ? -1 : 1));
  if (twins.length < 2 || twins[0]?.Id === made) return;
  await docker.getNetwork(made).remove().catch(unlessGone);
}

async function ensureVolume(
  docker: Docker,
  plan: Plan,
  key: string,
  volume: VolumeModel,
  present: readonly Docker.VolumeInspectInfo[],
): Promise<void> {
  const name = volume.name as string;
  const found = present.find((one) => one.Name === name);
  if (volume.external) {
    if (!found) throw missing("volume", key, name);
    return;
  }
  if (found) {
    refuseAnothers("volume", name, plan, found.Labels ?? {});
    return;
  }
  await docker.createVolume({
    Name: name,
    Labels: resourceLabels(plan, "volume", key, volume.labels),
    ...(volume.driver ? { Driver: volume.driver } : {}),
    DriverOpts: volume.driver_opts ?? {},
  });
}

function refuseAnothers(
  kind: "network" | "volume",
  name: string,
  plan: Plan,
  labels: Readonly<Record<string, string>>,
): void {
  const owner = labels[LABEL.project];
  if (owner === plan.name) return;
  throw new WorkbenchError({
    code: `docker.${kind}_of_another`,
    detail: `The ${kind} ${name} exists already and belongs to ${owner ? `the project ${owner}` : "something else"}.`,
    hint: "Give ours another name, or declare it as `external: true` to share it.",
    where: { [kind]: name, ...(owner ? { project: owner } : {}) },
  });
}

function missing(kind: string, key: string, name: string): WorkbenchError {
  return new WorkbenchError({
    code: `docker.${kind}_missing`,
    detail: `The external ${kind} ${name} does not exist.`,
    hint: `Make it first, or take \`external\` away from ${key}.`,
    where: { [kind]: name },
  });
}

/** What is gone, or still used by somebody else, need not be removed. */
function unlessGone(error: unknown): undefined {
  const status = statusOf(error);
  if (status === 404 || status === 409 || status === 403) return undefined;
  throw error;
}
