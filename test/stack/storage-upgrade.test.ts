import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { problemOf } from "../../contract/problem.ts";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { connect } from "../../main/stack/docker/connection.ts";
import { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import {
  makeDebianImages,
  makeNewerPostgres,
  POSTGRES_IMAGE,
  postgresUid,
  STEPS_IMAGE,
} from "./support/debian-image.ts";
import { docker } from "./support/docker.ts";

const FILE = join(import.meta.dirname, "../../compose-bundles/compose.yaml");
const PROJECT = `bft-upgrade-${process.pid}`;
const VOLUME = `${PROJECT}_postgres-data`;
const CONTAINER = `${PROJECT}-postgres-1`;

/** The way that docs/stack.md tells, with PostgreSQL 15 and 17. */
describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("a database of an older version", () => {
  let folder: string;
  let newer: string;
  let supervisor: DockerSupervisor;

  const planWith = (image: string) =>
    loadPlan({
      files: [FILE],
      profiles: ["storage"],
      projectName: PROJECT,
      environment: {
        POSTGRES_IMAGE: image,
        POSTGRES_UID: postgresUid(),
        BREADTHFLOW_ENGINE_IMAGE: STEPS_IMAGE,
        BREADTHFLOW_TRACKING_IMAGE: STEPS_IMAGE,
      },
    });
  const upWith = (image: string) => {
    supervisor.takePlan(planWith(image));
    return supervisor.up({ services: ["postgres-init"] });
  };
  const inServer = (command: string[], input?: string) =>
    execFileSync("docker", ["exec", "--interactive", CONTAINER, ...command], {
      encoding: "utf8",
      ...(input === undefined ? {} : { input }),
      stdio: ["pipe", "pipe", "pipe"],
    });
  /** With the role's password, which stands in the container: nobody gets in without one. */
  const as = (role: string, command: string, input?: string) => {
    const secret = role === "postgres" ? "postgres-password" : `${role}-database-password`;
    return inServer(["sh", "-c", `PGPASSWORD=$(cat /secrets/${secret}) ${command}`], input);
  };
  const kept = () =>
    as("index", 'psql -h 127.0.0.1 -U index -d index -Atc "SELECT id FROM kept"').trim();
  const major = () => inServer(["sh", "-c", 'cat "$PGDATA/PG_VERSION"']).trim();

  beforeAll(async () => {
    makeDebianImages();
    newer = makeNewerPostgres();
    folder = mkdtempSync(join(tmpdir(), "upgrade-"));
    supervisor = await new DockerSupervisor(await connect(), planWith(newer), folder).open();
    await upWith(POSTGRES_IMAGE);
    as("index", "psql --username index --dbname index", "CREATE TABLE kept AS SELECT 7 AS id;");
  }, 900_000);

  afterAll(async () => {
    await supervisor?.down({ volumes: true });
    await supervisor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("is named, and left as it is for the older image", async () => {
    expect([major(), kept()]).toEqual(["15", "7"]);
    const problem = await upWith(newer).then(
      () => null,
      (error: unknown) => problemOf(error),
    );
    expect(problem).toMatchObject({
      code: "docker.volume_of_older_version",
      where: { service: "postgres" },
    });
    await upWith(POSTGRES_IMAGE);
    expect([major(), kept()]).toEqual(["15", "7"]);
  });

  test("is taken along by a dump, as docs/stack.md says", async () => {
    const dump = as("postgres", "pg_dumpall --username postgres");
    await supervisor.down();
    docker(["volume", "rm", VOLUME]);
    await upWith(newer);
    as("postgres", "psql --username postgres --quiet", dump);
    expect([major(), kept()]).toEqual(["17", "7"]);
    // Everything is still as the steps would make it.
    await upWith(newer);
    expect(kept()).toBe("7");
  });
});
