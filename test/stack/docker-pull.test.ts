import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { problemOf } from "../../contract/problem.ts";
import type { StackProgress } from "../../main/stack/docker/supervisor.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import { makeDebianImages } from "./support/debian-image.ts";
import { docker } from "./support/docker.ts";
import { Project } from "./support/project.ts";

const [USERNAME, PASSWORD] = ["reader", "of the test's registry"];
const FOLDER = join(import.meta.dirname, "images/registry");
/** Enough to arrive in several parts. */
const LAYER_MB = 8;

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("an image that is pulled", () => {
  const own = process.env.DOCKER_CONFIG;
  let loggedIn: string;
  let registry: string;
  let container: string;
  let image: string;
  let project: Project | undefined;

  beforeAll(() => {
    makeDebianImages();
    const users = [`USERNAME=${USERNAME}`, `PASSWORD=${PASSWORD}`];
    const args = users.flatMap((one) => ["--build-arg", one]);
    const built = docker(["build", "--quiet", ...args, FOLDER]).trim();
    container = docker(["run", "--detach", "--publish", "127.0.0.1::5000", built]).trim();
    registry = docker(["port", container, "5000"]).trim();
    image = `${registry}/team/tool:1`;

    loggedIn = mkdtempSync(join(tmpdir(), "docker-config-"));
    const auth = Buffer.from(`${USERNAME}:${PASSWORD}`).toString("base64");
    const config = { auths: { [registry]: { auth } } };
    writeFileSync(join(loggedIn, "config.json"), JSON.stringify(config), { mode: 0o600 });
    const layer = (name: string) =>
      `RUN dd if=/dev/urandom of=/tmp/${name} bs=1M count=${LAYER_MB}\n`;
    docker(
      ["build", "--quiet", "--tag", image, "-"],
      `FROM ${TEST_IMAGE}\n${layer("a")}${layer("b")}`,
    );
    docker(["--config", loggedIn, "push", "--quiet", image]);
    docker(["rmi", image]);
  }, 600_000);

  afterEach(async () => {
    if (own === undefined) delete process.env.DOCKER_CONFIG;
    else process.env.DOCKER_CONFIG = own;
    await project?.remove();
  });

  afterAll(() => {
    if (container) docker(["rm", "--force", "--volumes", container]);
    if (image) docker(["rmi", "--force", image]);
    if (loggedIn) rmSync(loggedIn, { recursive: true });
  });

  async function up(): Promise<StackProgress[]> {
    project = new Project(`services: {a: {image: "${image}", command: sleep 1000, init: true}}`);
    const told: StackProgress[] = [];
    await (await project.supervisor()).up({ onProgress: (one) => told.push(one) });
    return told;
  }

  test("is refused by a registry that asks for a login, and it is said how to log in", async () => {
    process.env.DOCKER_CONFIG = tmpdir();
    const problem = await up().then(
      () => null,
      (error: unknown) => problemOf(error),
    );
    expect(problem).toMatchObject({ code: "docker.image_missing", where: { service: "a", image } });
    expect(problem?.hint).toContain(`docker login ${registry}`);
  });

  test("comes with the login that docker keeps, and tells of each layer how far it is", async () => {
    process.env.DOCKER_CONFIG = loggedIn;
    const told = (await up()).flatMap((one) => (one.kind === "pull" ? [one] : []));
    const sizes = told.filter(({ status, total }) => status === "Downloading" && total > 0);
    const large = sizes.filter(({ total }) => total >= LAYER_MB * 2 ** 20);
    expect(new Set(large.map(({ layer }) => layer)).size).toBe(2);
    for (const { current, total } of sizes) expect(current).toBeLessThanOrEqual(total);
    expect(told.filter(({ status }) => status === "Pull complete").length).toBeGreaterThanOrEqual(
      2,
    );
    expect((await project?.inspect("a"))?.State.Running).toBe(true);
  });
});
