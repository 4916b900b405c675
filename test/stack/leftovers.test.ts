import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { leftoversOf, removeLeftovers } from "../../main/stack/docker/leftovers.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { Project } from "./support/project.ts";

const SLEEPER = "init: true, command: sleep 1000, stop_grace_period: 1s";
const projects: Project[] = [];
afterEach(async () => {
  for (const project of projects.splice(0)) {
    await project.remove();
    const images = execFileSync("docker", ["images", "--quiet", `${project.name}-a`], {
      encoding: "utf8",
    });
    for (const id of images.split("\n").filter(Boolean)) {
      execFileSync("docker", ["rmi", "--force", id], { stdio: "ignore" });
    }
  }
});

/** A project whose image was built twice, and whose second service is in its file no more. */
async function projectWithLeftovers() {
  const project = new Project(
    `services: {a: {build: ./image, ${SLEEPER}, volumes: ["data:/data"]}, gone: {image: ${TEST_IMAGE}, ${SLEEPER}}}\nvolumes: {data: null}`,
  );
  projects.push(project);
  mkdirSync(join(project.folder, "image"));
  const supervisor = await project.supervisor();
  for (const version of [1, 2]) {
    writeFileSync(
      join(project.folder, "image/Dockerfile"),
      `FROM ${TEST_IMAGE}\nRUN echo ${project.name} ${version} > /version\n`,
    );
    await supervisor.up({ build: true });
  }
  await supervisor.stop(["gone"]);
  project.write(
    `services: {a: {build: ./image, ${SLEEPER}, volumes: ["data:/data"]}}\nvolumes: {data: null}`,
  );
  supervisor.takePlan(project.plan());
  return { project, supervisor, docker: await project.docker() };
}

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("what a project has left", () => {
  test("is found and removed: data, what is used, and what is another's stay", async () => {
    const { project, supervisor, docker } = await projectWithLeftovers();
    const other = await projectWithLeftovers();
    const plan = project.plan();
    const found = await leftoversOf(docker, plan);
    expect(found).toEqual({
      containers: [{ name: `${project.name}-gone-1`, bytes: expect.any(Number) }],
      images: [{ name: `${project.name}-a, replaced`, bytes: expect.any(Number) }],
    });
    const theirs = await leftoversOf(docker, other.project.plan());
    expect(await removeLeftovers(docker, plan)).toEqual(found);
    expect(await leftoversOf(docker, plan)).toEqual({ containers: [], images: [] });
    expect(await leftoversOf(docker, other.project.plan())).toEqual(theirs);

    expect(supervisor.status().map(({ service, state }) => [service, state])).toEqual([
      ["a", "ready"],
    ]);
    expect(project.left().sort()).toEqual([
      `container ${project.name}-a-1`,
      `network ${project.name}_default`,
      `volume ${project.name}_data`,
    ]);
    // The image of what runs is the one that was built last.
    const { Image } = await project.inspect("a");
    expect((await docker.getImage(`${project.name}-a`).inspect()).Id).toBe(Image);
    await removeLeftovers(docker, other.project.plan());
  });

  test("a container that runs is no leftover, whoever started it", async () => {
    const { project, docker } = await projectWithLeftovers();
    await docker.getContainer(`${project.name}-gone-1`).start();
    expect((await removeLeftovers(docker, project.plan())).containers).toEqual([]);
    expect((await project.inspect("gone")).State.Status).toBe("running");
  });
});
