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
  STEPS_IMAGE,
} from "./support/debian-image.ts";
import { makeS3Image } from "./support/s3-image.ts";

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
        S3_IMAGE: makeS3Image(),
        BREADTHFLOW_ENGINE_IMAGE: STEPS_IMAGE,
        BREADTHFLOW_TRACKING_IMAGE: STEPS_IMAGE,
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

  /** Runs Python with `s3`, the client of one of the users, in the network and with its key. */
  function s3(user: string, code: string): string {
    const script = `from container.object_store import *\ns3 = client("${user}", (SECRETS / "${user}-s3-key").read_text())\n${code}`;
    return inNetwork(["python", "-c", script]);
  }

  function inNetwork(command: string[]): string {
    const network = ["--network", `${PROJECT}_default`, "--volume", `${PROJECT}_secrets:/secrets`];
    const endpoint = ["--env", "AWS_ENDPOINT_URL_S3=http://s3:7070"];
    return execFileSync(
      "docker",
      ["run", "--rm", ...network, ...endpoint, STEPS_IMAGE, ...command],
      { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] },
    ).trim();
  }

  test("is healthy, on loopback, with its steps done", () => {
    const shown = (name: string) => supervisor.status().find(({ service }) => service === name);
    for (const [name, port] of [
      ["postgres", 5432],
      ["s3", 7070],
    ] as const) {
      expect(shown(name)).toMatchObject({ state: "ready", health: "healthy" });
      const published = execFileSync("docker", ["port", `${PROJECT}-${name}-1`], {
        encoding: "utf8",
      });
      expect(published).toMatch(new RegExp(`^${port}/tcp -> 127\\.0\\.0\\.1:\\d+\\n$`));
    }
    for (const name of ["postgres-init", "s3-init", "secrets"]) {
      expect(shown(name)?.notices).toEqual(["Its work is done."]);
    }
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

  test("gives each service a bucket of its own that keeps every version, and no other's", () => {
    inNetwork(["sh", "-c", "printf %s another-key-of-a-test > /secrets/another-s3-key"]);
    inNetwork(["python", "-m", "container.object_store", "mlflow", "another"]);
    const put = `s3.put_object(Bucket="mlflow", Key="a/b", Body=b"1")`;
    const versions = `len(s3.list_object_versions(Bucket="mlflow", Prefix="a/b")["Versions"])`;
    expect(s3("mlflow", `${put}; ${put}; print(${versions})`)).toBe("2");
    expect(s3("mlflow", `print([b["Name"] for b in s3.list_buckets()["Buckets"]])`)).toBe(
      "['mlflow']",
    );
    for (const refused of [
      put,
      `s3.get_object(Bucket="mlflow", Key="a/b")`,
      `s3.list_objects_v2(Bucket="mlflow")`,
      `s3.create_bucket(Bucket="third")`,
    ]) {
      expect(() => s3("another", refused), refused).toThrow(/AccessDenied/);
    }
  });

  test("takes a key that was changed, and its old one no more", () => {
    inNetwork(["sh", "-c", "printf %s a-second-key-of-a-test > /secrets/another-s3-key"]);
    const list = `s3.list_objects_v2(Bucket="another")`;
    expect(() => s3("another", list)).toThrow(/SignatureDoesNotMatch/);
    inNetwork(["python", "-m", "container.object_store", "another"]);
    s3("another", list);
  });

  test("says what the engine keeps of artifacts, and takes out those that are older than is wished", () => {
    const kept = (...options: string[]) =>
      inNetwork(["python", "-m", "container.kept_artifacts", ...options])
        .split("\n")
        .map((line) => line.trim().split(/ +/).join(" "));
    const put = (place: string) =>
      s3(
        "engine",
        `for name in ("data/a.bin", "manifest.json"): s3.put_object(Bucket="engine", Key="artifacts/${place}/" + name, Body=b"1" * 500_000)`,
      );
    put("train/old");
    put("train/new");
    put("judge/new");
    // One of two versions, of which both take their room.
    put("train/new");
    // The gateway's times are those of its files.
    const age = "find /data/objects/engine/artifacts/train/old -exec touch -d 2020-01-01 {} +";
    execFileSync("docker", ["exec", `${PROJECT}-s3-1`, "sh", "-c", age]);
    expect(kept()).toEqual(["judge 1 artifacts 1.0 MB", "train 2 artifacts 3.0 MB"]);
    expect(kept("--older-than", "30")).toEqual([
      "1 artifacts were taken out",
      ...["judge 1 artifacts 1.0 MB", "train 1 artifacts 2.0 MB"],
    ]);
    const versions = `s3.list_object_versions(Bucket="engine", Prefix="artifacts/train/old")`;
    expect(s3("engine", `print("Versions" in ${versions}, "DeleteMarkers" in ${versions})`)).toBe(
      "False False",
    );
    const read = `s3.get_object(Bucket="engine", Key="artifacts/train/new/manifest.json")`;
    expect(s3("engine", `print(${read}["ContentLength"])`)).toBe("500000");
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
    const read = `print(s3.get_object(Bucket="mlflow", Key="a/b")["Body"].read().decode())`;
    expect(s3("mlflow", read)).toBe("1");
  });

  test("shows no secret to who may look at containers", () => {
    const services = ["postgres", "postgres-init", "s3", "s3-init", "secrets"];
    const names = services.map((name) => `${PROJECT}-${name}-1`);
    const inspected = execFileSync("docker", ["inspect", ...names], { encoding: "utf8" });
    for (const file of [
      "mlflow-database-password",
      "s3-root-key",
      "mlflow-s3-key",
      "engine-s3-key",
    ]) {
      const secret = inNetwork(["cat", `/secrets/${file}`]);
      expect(secret.length).toBeGreaterThanOrEqual(40);
      expect(inspected).not.toContain(secret);
    }
  });
});
