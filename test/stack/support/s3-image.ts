import { join } from "node:path";
import { docker } from "./docker.ts";
import { buildGoProgram } from "./go-program.ts";

const IMAGES = join(import.meta.dirname, "../images/go");

/** The gateway from its source, in the place of an image that would come from a registry. */
export function makeS3Image(): string {
  return make("github.com/versity/versitygw/cmd/versitygw@v1.8.0");
}

export function makeStatsdExporterImage(): string {
  return make("github.com/prometheus/statsd_exporter@v0.28.0");
}

/** @param source in the version that the bundle names */
function make(source: string): string {
  const { folder, program } = buildGoProgram(source);
  const image = `breadthflow-test/${program}:${source.split("@v")[1]}`;
  const dockerfile = ["--file", join(IMAGES, "Dockerfile"), "--build-arg", `PROGRAM=${program}`];
  docker(["build", "--quiet", "--tag", image, ...dockerfile, folder]);
  return image;
}
