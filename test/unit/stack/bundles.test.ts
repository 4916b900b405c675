import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { isStep } from "../../../main/stack/docker/start.ts";
import type { Plan, ServiceModel } from "../../../main/stack/plan.ts";

const BUNDLES = join(import.meta.dirname, "../../../compose-bundles");
/** What a service's own files need: a database's folder belongs to the database. */
const OWN_FILES = ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"];

function planOf(...files: string[]): Plan {
  return loadPlan({
    files: files.map((name) => join(BUNDLES, name)),
    profiles: ["*"],
    environment: { BREADTHFLOW_WORKSPACE: "/workspace", BREADTHFLOW_REVISION: "abc" },
  });
}

const isPinned = ({ image = "" }: ServiceModel) =>
  /@sha256:[0-9a-f]{64}$/.test(image) || /:[^:/]*\d[^:/]*$/.test(image);

describe.each([
  ["as they are", planOf("compose.yaml")],
  ["on a workspace", planOf("compose.yaml", "workspace.yaml")],
  ["model servers", planOf("core/model-server.yaml")],
])("the services of the bundles, %s", (_, plan) => {
  const all = Object.values({ ...plan.services, ...plan.disabled });
  const model = (name: string) => (plan.services[name] ?? plan.disabled[name])?.model ?? {};
  const names = all.map(({ name }) => name);

  test("are there", () => expect(names.length).toBeGreaterThan(0));

  test.each(names)("%s comes from an image that is built here or pinned", (name) => {
    const { image } = model(name);
    const isBuilt = all.some((one) => one.model.build && one.model.image === image);
    expect(isBuilt || isPinned(model(name)), image).toBe(true);
    // Under a name of ours, a registry may have anybody's.
    expect(model(name).pull_policy, image).toBe(isBuilt ? "never" : undefined);
  });

  test.each(names)("%s has a read-only root and may not gain privileges", (name) => {
    expect(model(name).read_only).toBe(true);
    expect(model(name).privileged).toBeFalsy();
    expect(model(name).security_opt).toContain("no-new-privileges:true");
  });

  test.each(names)("%s has no capabilities but those for its own files", (name) => {
    expect(model(name).cap_drop).toEqual(["ALL"]);
    for (const capability of model(name).cap_add ?? []) expect(OWN_FILES).toContain(capability);
  });

  test.each(names)("%s has limits on memory and processes", (name) => {
    expect(Number(model(name).mem_limit)).toBeGreaterThan(0);
    expect(Number(model(name).pids_limit)).toBeGreaterThan(0);
  });

  test.each(names)("%s is on loopback only", (name) => {
    for (const port of model(name).ports ?? []) expect(port.host_ip).toBe("127.0.0.1");
    // None, or that of another of these, which is held to the same.
    expect(model(name).network_mode ?? "none").toMatch(/^(none|service:.+)$/);
  });

  test.each(names)("%s tells whether it is well, or is a step that ends", (name) => {
    // A model server's check is made with its command, in the workspace's own file.
    if (name === "model-server") return;
    if (isStep(plan, name)) expect(model(name).restart).toBe("no");
    else expect(model(name).healthcheck?.test?.[0]).toMatch(/^CMD/);
  });

  test.each(names)("%s writes no endless log", (name) => {
    const { logging } = model(name);
    if (isStep(plan, name)) return;
    expect(logging?.options).toMatchObject({ "max-size": "10m", "max-file": "3" });
  });
});
