import type Docker from "dockerode";
import type { Leftovers } from "../../../contract/service.ts";
import type { Plan } from "../plan.ts";
import { imageOf } from "./container-spec.ts";
import { statusOf } from "./errors.ts";
import { withTag } from "./images.ts";
import { LABEL, OWN_IMAGE, ofProject, repositoryOf } from "./labels.ts";

type Found = Leftovers["containers"][number] & { readonly id: string };

/**
 * What a project has no more use for: containers of services that it has no more, and images that
 * were built for it earlier and that no container of anybody uses. Volumes are never among them:
 * they hold data.
 */
export async function leftoversOf(docker: Docker, plan: Plan): Promise<Leftovers> {
  const { containers, images } = await find(docker, plan);
  const named = ({ name, bytes }: Found) => ({ name, bytes });
  return { containers: containers.map(named), images: images.map(named) };
}

/** Looks again and removes what it finds then; tells what is gone. */
export async function removeLeftovers(docker: Docker, plan: Plan): Promise<Leftovers> {
  const { containers, images } = await find(docker, plan);
  const gone: Leftovers = { containers: [], images: [] };
  for (const { id, ...container } of containers) {
    if (await removed(docker.getContainer(id).remove())) gone.containers.push(container);
  }
  for (const { id, ...image } of images) {
    if (await removed(docker.getImage(id).remove())) gone.images.push(image);
  }
  return gone;
}

async function find(docker: Docker, plan: Plan): Promise<{ containers: Found[]; images: Found[] }> {
  const services = Object.values({ ...plan.services, ...plan.disabled });
  const built = services.filter(({ model }) => model.build).map((one) => imageOf(plan, one));
  const repositories = new Set(built.map(repositoryOf));
  const current = new Set(built.map(withTag));
  const [own, all, made] = await Promise.all([
    docker.listContainers({ all: true, size: true, filters: ofProject(plan.name) }),
    docker.listContainers({ all: true }),
    docker.listImages({ filters: { label: [OWN_IMAGE] } }),
  ]);
  const known = new Set(services.map(({ name }) => name));
  const containers = own
    .filter(({ State, Labels }) => State !== "running" && !known.has(Labels[LABEL.service] ?? ""))
    .map(({ Id, Names, ...others }) => ({
      ...{ id: Id, name: Names[0]?.slice(1) ?? Id.slice(0, 12) },
      // Told because of `size`, which its types do not know.
      bytes: (others as { SizeRw?: number }).SizeRw ?? 0,
    }));
  const ending = new Set(containers.map(({ id }) => id));
  const used = new Set(all.filter(({ Id }) => !ending.has(Id)).map(({ ImageID }) => ImageID));
  const images = made
    .filter(({ Id, Labels, RepoTags }) => {
      const isOurs = repositories.has(Labels[OWN_IMAGE] ?? "");
      return isOurs && !used.has(Id) && !(RepoTags ?? []).some((tag) => current.has(tag));
    })
    .map(({ Id, RepoTags, Size, Labels }) => {
      const tag = RepoTags?.find((one) => !one.startsWith("<none>"));
      return { id: Id, name: tag ?? `${Labels[OWN_IMAGE]}, replaced`, bytes: Size };
    });
  return { containers, images };
}

/** What is in use by now, or gone, is left to whom it belongs. */
async function removed(removing: Promise<unknown>): Promise<boolean> {
  try {
    await removing;
    return true;
  } catch (error) {
    if (statusOf(error) === 404 || statusOf(error) === 409) return false;
    throw error;
  }
}
