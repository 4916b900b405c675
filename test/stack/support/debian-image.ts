import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { docker } from "./docker.ts";
import { makeS3Image, makeStatsdExporterImage } from "./s3-image.ts";

const CACHE = join(import.meta.dirname, "../../../.cache/stack-debian");
const HOUSE = join(import.meta.dirname, "../../..");
const CERTIFICATES = "etc/ssl/certs/ca-certificates.crt";

export const DEBIAN_IMAGE = "breadthflow-test/debian:bookworm";
export const POSTGRES_IMAGE = "breadthflow-test/postgres:15";
const NEWER_POSTGRES_IMAGE = "breadthflow-test/postgres:17";
export const STEPS_IMAGE = "breadthflow-test/steps:1";
export const NODE_IMAGE = "breadthflow-test/node:24";

/** Debians with PostgreSQL, and with what init steps need: in the place of images from a registry. */
export function makeDebianImages(): void {
  if (!present(DEBIAN_IMAGE)) makeDebian();
  makePostgres("fifteen", POSTGRES_IMAGE);
  const containerPackage = join(HOUSE, "compose-bundles/images/python");
  const dockerfile = [
    `FROM ${DEBIAN_IMAGE}`,
    "RUN apt-get update && apt-get install --yes --no-install-recommends python3-boto3",
    "RUN ln -s /usr/bin/python3 /usr/local/bin/python",
    "COPY container /opt/container",
    "ENV PYTHONPATH=/opt",
  ].join("\n");
  docker(["build", "--quiet", "--tag", STEPS_IMAGE, "--file", "-", containerPackage], dockerfile);
}

/** Of the next major version that Debian has: it does not read what `POSTGRES_IMAGE` has written. */
export function makeNewerPostgres(): string {
  makePostgres("seventeen", NEWER_POSTGRES_IMAGE);
  return NEWER_POSTGRES_IMAGE;
}

function makePostgres(target: string, image: string): void {
  const folder = join(HOUSE, "test/stack/images/postgres");
  docker(["build", "--quiet", "--target", target, "--tag", image, folder]);
}

/** What the compose files of the product are read with, so that they need no registry. */
export function standIns(): Record<string, string> {
  makeDebianImages();
  makeNodeImage();
  return {
    PYTHON_IMAGE: DEBIAN_IMAGE,
    NODE_IMAGE,
    POSTGRES_IMAGE,
    POSTGRES_UID: postgresUid(),
    S3_IMAGE: makeS3Image(),
  };
}

/** What the bundle of monitoring is read with; Grafana has no stand-in, for it has no package. */
export function monitoringStandIns(): Record<string, string> {
  const folder = join(HOUSE, "test/stack/images/monitoring");
  const make = (target: string) => {
    const image = `breadthflow-test/${target}:bookworm`;
    docker(["build", "--quiet", "--target", target, "--tag", image, folder]);
    return image;
  };
  return {
    ...standIns(),
    PROMETHEUS_IMAGE: make("prometheus"),
    ALERTMANAGER_IMAGE: make("alertmanager"),
    POSTGRES_EXPORTER_IMAGE: make("postgres-exporter"),
    STATSD_EXPORTER_IMAGE: makeStatsdExporterImage(),
  };
}

/** The Node that runs these tests, on Debian. */
function makeNodeImage(): void {
  if (present(NODE_IMAGE)) return;
  const folder = join(CACHE, "node");
  mkdirSync(folder, { recursive: true });
  cpSync(process.execPath, join(folder, "node"));
  const dockerfile = `FROM ${DEBIAN_IMAGE}\nCOPY node /usr/local/bin/node\n`;
  docker(["build", "--quiet", "--tag", NODE_IMAGE, "--file", "-", folder], dockerfile);
  rmSync(CACHE, { recursive: true, force: true });
}

/** The number of the user that the stand-in's database server runs as. */
export function postgresUid(): string {
  return docker(["run", "--rm", "--entrypoint", "id", POSTGRES_IMAGE, "-u", "postgres"]).trim();
}

function makeDebian(): void {
  if (!existsSync("/usr/sbin/debootstrap")) {
    run("apt-get", ["-q", "install", "--yes", "--no-install-recommends", "debootstrap"]);
  }
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  const root = join(CACHE, "root");
  const packages = "ca-certificates,python3,python3-pip,python3-venv,libgomp1,postgresql";
  run("debootstrap", [
    ...["--variant=minbase", `--include=${packages}`, "bookworm", root],
    "http://deb.debian.org/debian",
  ]);
  // This machine may trust more than Debian does; its images must for as long as tests run.
  if (existsSync(`/${CERTIFICATES}`)) cpSync(`/${CERTIFICATES}`, join(root, CERTIFICATES));
  run("tar", ["-C", root, "-cf", join(CACHE, "root.tar"), "."]);
  const bundle = `/${CERTIFICATES}`;
  docker([
    ...["import", "--change", `ENV SSL_CERT_FILE=${bundle} PIP_CERT=${bundle}`],
    ...[join(CACHE, "root.tar"), DEBIAN_IMAGE],
  ]);
  rmSync(CACHE, { recursive: true, force: true });
}

function present(image: string): boolean {
  return docker(["images", "--quiet", image]).trim() !== "";
}

function run(program: string, args: string[]): void {
  execFileSync(program, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    maxBuffer: 2 ** 26,
  });
}
