import { expect, test } from "vitest";
import type { ServiceView } from "../../../contract/service.ts";
import { placeServices } from "../../../renderer/pages/stack/place-services.ts";

function service(given: Partial<ServiceView>): ServiceView {
  return {
    ...{ service: "engine", title: "", profiles: ["core"], supervisor: "native", state: "ready" },
    ...{ health: "healthy", since: null, pid: null, ports: {}, depends_on: [], restarts: 0 },
    ...{ page: null, log: "", notices: [], problem: null },
    ...given,
  };
}

const PROCESSES = [service({}), service({ service: "mlflow" })];

test("services of one name under both supervisors have places and lines of their own", () => {
  const containers = PROCESSES.map((one) => ({ ...one, supervisor: "docker" as const }));
  const { places, groups, links } = placeServices([...PROCESSES, ...containers]);
  expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
  expect(groups.map(({ key }) => key)).toEqual(["native/core", "docker/core"]);
  expect(links).toEqual([
    { from: "native/engine", to: "native/mlflow" },
    { from: "docker/engine", to: "docker/mlflow" },
  ]);
});

test("each profile has a frame that holds its services and no other's", () => {
  const docker = (name: string, profile: string, needs: string[] = []) =>
    service({ service: name, supervisor: "docker", profiles: [profile], depends_on: needs });
  const { places, groups } = placeServices([
    docker("engine", "core", ["secrets"]),
    docker("secrets", "core"),
    docker("postgres", "storage", ["secrets"]),
    docker("postgres-init", "storage", ["postgres"]),
  ]);
  expect(groups.map(({ profile }) => profile)).toEqual(["core", "storage"]);
  for (const { key, x, y, width, height } of groups) {
    const inside = places
      .filter((one) => one.x >= x && one.x < x + width && one.y >= y && one.y < y + height)
      .map((one) => `docker/${one.service.profiles[0]}`);
    expect(inside).toEqual([key, key]);
  }
});

test("a line runs to the right inside a frame", () => {
  const { places, links } = placeServices(PROCESSES);
  const column = (key: string) =>
    places.find(({ service: one }) => `${one.supervisor}/${one.service}` === key)?.x ?? -1;
  for (const { from, to } of links) expect(column(from)).toBeLessThan(column(to));
});
