import { createHash } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { expect as onScreen, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ServiceView } from "../../contract/service.ts";
import { OWN_IMAGE, repositoryOf } from "../../main/stack/docker/labels.ts";
import { CommandLine } from "../e2e/command-line.ts";
import { TEST_IMAGE } from "./support/daemon.ts";
import {
  makeDebianImages,
  POSTGRES_IMAGE,
  postgresUid,
  STEPS_IMAGE,
} from "./support/debian-image.ts";
import { docker } from "./support/docker.ts";
import { makeS3Image } from "./support/s3-image.ts";
import { openWindow } from "./support/window.ts";

const LONG = { timeout: 240_000 };

/** The stack's screen where a daemon answers: what `test/screens` shows without one, and more. */
describe.skipIf(process.env.STACK_TEST_DAEMON === "none")("the stack's screen, with Docker", () => {
  let holder: Server;
  let port: number;
  let cli: CommandLine;
  let page: Page;
  let project: string;

  beforeAll(async () => {
    makeDebianImages();
    holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    port = (holder.address() as AddressInfo).port;
    const { workspace } = await CommandLine.inNewWorkspace();
    project = `breadthflow-${createHash("sha256").update(workspace).digest("hex").slice(0, 8)}`;
    cli = new CommandLine(workspace, {
      env: {
        POSTGRES_IMAGE,
        POSTGRES_UID: postgresUid(),
        S3_IMAGE: makeS3Image(),
        BREADTHFLOW_ENGINE_IMAGE: STEPS_IMAGE,
        BREADTHFLOW_TRACKING_IMAGE: STEPS_IMAGE,
        // Of another program, so that the service cannot have it.
        BREADTHFLOW_POSTGRES_PORT: String(port),
      },
    });
    page = await openWindow(cli);
    await open();
  }, 900_000);

  afterAll(async () => {
    await page?.context().browser()?.close();
    await cli?.run("stack", "down", "--docker", "--volumes");
    await cli?.remove();
    holder?.close();
  });

  const open = () => page.getByRole("navigation").getByRole("link", { name: "Stack" }).click();
  const profiles = () => page.getByRole("region", { name: "Profiles" });
  const storage = () => profiles().getByRole("row").filter({ hasText: "storage" });

  test("a profile is brought up with its progress, and a port that is taken is moved by one who was asked", async () => {
    await onScreen(page.getByText(/^Docker \d+.* at unix:/)).toBeVisible(LONG);
    await storage().getByRole("button", { name: "Bring up storage as containers" }).click();
    await onScreen(profiles().getByRole("status")).toContainText(/Creating|Starting/, LONG);
    await onScreen(profiles().getByRole("status")).toHaveCount(0, LONG);

    const services = page.getByRole("region", { name: "Services" });
    await services.getByRole("button", { name: "postgres", exact: true }).click();
    // Not the passing notice of it.
    const problem = page.getByRole("main").getByText(`postgres wants port ${port}`);
    await onScreen(problem).toBeVisible();
    await page.getByRole("button", { name: /^Fix it: use port/ }).click();
    const asked = page.getByRole("dialog");
    await onScreen(asked).toContainText(`The program that has port ${port} is left alone.`);
    await asked.getByRole("button", { name: /^Use port/ }).click();
    await onScreen(problem).toHaveCount(0, LONG);
    await open();
    await onScreen(
      services.getByRole("row").filter({
        has: page.getByRole("button", { name: "postgres", exact: true }),
      }),
    ).toContainText("ready", LONG);
    expect(holder.listening).toBe(true);

    await storage().getByRole("button", { name: "Bring up storage as containers" }).click();
    await onScreen(profiles().getByRole("status")).toHaveCount(1);
    await onScreen(profiles().getByRole("status")).toHaveCount(0, LONG);
    const found = await cli.json<ServiceView[]>("stack", "ps", "--docker", "--profile", "storage");
    const ready = found.filter(({ state }) => state === "ready").map(({ service }) => service);
    expect(ready).toEqual(["postgres", "s3"]);
    // The bar above every screen counts containers and processes.
    const all = await cli.json<ServiceView[]>("stack", "ps");
    const up = all.filter(({ state }) => state === "ready").length;
    await onScreen(page.getByText(`Stack healthy · ${up} services`)).toBeVisible();
  }, 600_000);

  test("what is left on the daemon's disk is named, and freed once that is agreed to", async () => {
    const left = `${project}-gone-1`;
    docker([
      ...["create", "--name", left, "--label", `com.docker.compose.project=${project}`],
      ...["--label", "com.docker.compose.service=gone", TEST_IMAGE, "true"],
    ]);
    const own = `${OWN_IMAGE}=${repositoryOf(STEPS_IMAGE)}`;
    const dockerfile = `FROM ${TEST_IMAGE}\nLABEL of=${project}\n`;
    const replaced = docker(["build", "--quiet", "--label", own, "-"], dockerfile).trim();
    await open();
    await page.reload();
    await page.getByRole("button", { name: /^Free up to/ }).click({ timeout: 60_000 });
    const asked = page.getByRole("dialog", { name: "Free disk" });
    await onScreen(asked).toContainText(left);
    await onScreen(asked).toContainText("data, stay");
    await asked.getByRole("button", { name: /^Free up to/ }).click();
    // Workspaces share images: what another one has left may go with it.
    const removed = page.getByText(/^Removed: 1 container and \d+ images?\.$/);
    await onScreen(removed).toBeVisible(LONG);
    const all = docker(["ps", "--all", "--format", "{{.Names}}"]);
    expect(all).not.toContain(left);
    expect(all).toContain(`${project}-postgres-1`);
    expect(docker(["images", "--all", "--quiet", "--no-trunc"])).not.toContain(replaced);
  }, 300_000);

  test("a profile is ended, and what it kept is there", async () => {
    await storage().getByRole("button", { name: "End storage as containers" }).click();
    const asked = page.getByRole("dialog", { name: "End storage as containers?" });
    await asked.getByRole("button", { name: "End it" }).click();
    await onScreen(storage().getByRole("cell", { name: "0", exact: true })).toBeVisible(LONG);
    const volumes = docker(["volume", "ls", "--format", "{{.Name}}"]);
    expect(volumes).toContain(`${project}_postgres-data`);
  }, 300_000);
});
