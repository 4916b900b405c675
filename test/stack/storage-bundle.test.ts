import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadPlan } from "../../main/stack/compose/load.ts";
import { connect } from "../../main/stack/docker/connection.ts";
import { DockerSupervisor } from "../../main/stack/docker/supervisor.ts";
import {
  makeDebianImages,
  POSTGRES_IMAGE,
  postgresUid,
  SECRETS_IMAGE,
} from "./support/debian-image.ts";

const FILE = join(import.meta.dirname, "../../compose-bundles/compose.yaml");
const PROJECT = `bft-storage-${process.pid}`;

describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the bundle storage", () => {
  let folder: string;
  let supervisor: DockerSupervisor;

  beforeAll(async () => {
    makeDebianImages();
    folder = mkdtempSync(join(tmpdir(), "storage-"));
    const plan = loadPlan({
      files: [FILE],
      profiles: ["storage"],
      projectName: PROJECT,
      environment: {
        POSTGRES_IMAGE,
        POSTGRES_UID: postgresUid(),
        BREADTHFLOW_ENGINE_IMAGE: SECRETS_IMAGE,
      },
    });
    supervisor = await new DockerSupervisor(await connect(), plan, folder).open();
    await supervisor.up();
  }, 900_000);

  afterAll(async () => {
    await supervisor?.down({ volumes: true });
    await supervisor?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs SQL as one of the roles, over the network and with its password. */
  function sql(role: string, database: string, statement: string): string {
    const secret = role === "postgres" ? "postgres-password" : `${role}-database-password`;
    const command = `PGPASSWORD=$(cat /secrets/${secret}) psql -h postgres -U ${role} -d ${database} -Atc "${statement}"`;
    return execFileSync("docker", ["exec", `${PROJECT}-postgres-1`, "sh", "-c", command], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  }

  test("is healthy, on loopback, with its steps done", () => {
    const [postgres, init, secrets] = ["postgres", "postgres-init", "secrets"].map((name) =>
      supervisor.status().find(({ service }) => service === name),
    );
    expect(postgres).toMatchObject({ state: "ready", health: "healthy" });
    expect(init?.notices).toEqual(["Its work is done."]);
    expect(secrets?.notices).toEqual(["Its work is done."]);
    const published = execFileSync("docker", ["port", `${PROJECT}-postgres-1`], {
      encoding: "utf8",
    });
    expect(published).toMatch(/^5432\/tcp -> 127\.0\.0\.1:\d+\n$/);
  });

  test("gives each service a database of its own, and no other's", () => {
    expect(sql("mlflow", "mlflow", "CREATE TABLE t (a int); SELECT current_user")).toContain(
      "mlflow",
    );
    expect(sql("index", "index", "SELECT current_database()")).toBe("index");
    expect(() => sql("mlflow", "index", "SELECT 1")).toThrow(/permission denied for database/);
    const powers =
      "SELECT count(*) FROM pg_roles WHERE rolname IN ('mlflow', 'index') AND (rolsuper OR rolcreatedb OR rolcreaterole)";
    expect(sql("postgres", "postgres", powers)).toBe("0");
  });

  test("keeps its data and its secrets when everything is made again", async () => {
    const before = sql(
      "postgres",
      "postgres",
      "SELECT rolpassword FROM pg_authid WHERE rolname = 'mlflow'",
    );
    await supervisor.down();
    await supervisor.up();
    expect(sql("mlflow", "mlflow", "SELECT count(*) FROM t")).toBe("0");
    expect(before).toMatch(/^SCRAM-SHA-256/);
  });

  test("shows no secret to who may look at containers", () => {
    const names = ["postgres", "postgres-init", "secrets"].map((name) => `${PROJECT}-${name}-1`);
    const inspected = execFileSync("docker", ["inspect", ...names], { encoding: "utf8" });
    const secret = execFileSync(
      "docker",
      ["exec", `${PROJECT}-postgres-1`, "cat", "/secrets/mlflow-database-password"],
      { encoding: "utf8" },
    );
    expect(secret.length).toBeGreaterThanOrEqual(40);
    expect(inspected).not.toContain(secret);
  });
});
