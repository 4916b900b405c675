import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { MovedPorts } from "../../../main/stack/docker/moved-ports.ts";
import { temporaryFolder } from "./support/test-services.ts";

let folder: string;
let moved: MovedPorts;

beforeEach(() => {
  folder = temporaryFolder();
  moved = new MovedPorts(join(folder, "ports.json"));
  writeFileSync(
    join(folder, "compose.yaml"),
    'services: {a: {image: x, ports: ["127.0.0.1:8080:80", "127.0.0.1:9090:90"]}, b: {image: x, ports: ["127.0.0.1:8080:80"]}}',
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

const portsOf = (service: string) =>
  moved
    .applied(loadPlan({ files: [join(folder, "compose.yaml")], environment: {} }))
    .services[service]?.model.ports?.map(({ published }) => published);

test("one port of one service is moved, and is so for who reads it next", async () => {
  expect(portsOf("a")).toEqual(["8080", "9090"]);
  await moved.add({ service: "a", from: 8080, to: 8081 });
  moved = new MovedPorts(join(folder, "ports.json"));
  expect(portsOf("a")).toEqual(["8081", "9090"]);
  expect(portsOf("b")).toEqual(["8080"]);
});

test("a port that was moved can be moved on", async () => {
  await moved.add({ service: "a", from: 8080, to: 8081 });
  await moved.add({ service: "a", from: 8081, to: 8082 });
  expect(portsOf("a")).toEqual(["8082", "9090"]);
});

test("a damaged file costs no more than what was moved", () => {
  writeFileSync(join(folder, "ports.json"), "{");
  expect(portsOf("a")).toEqual(["8080", "9090"]);
});
