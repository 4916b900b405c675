import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect as onScreen, type Page } from "@playwright/test";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { RunResult } from "../../contract/run.ts";
import type { ServiceView } from "../../contract/service.ts";
import { CommandLine } from "../e2e/command-line.ts";
import { FramePage } from "../screens/pages/frame.ts";
import { IdeaScreen } from "../screens/pages/idea.ts";
import { standIns } from "./support/debian-image.ts";
import { openWindow } from "./support/window.ts";

/** Images may have to be built, and the demo's 619,040 bars are tested on two busy cores. */
const PATIENCE_MS = 900_000;
const LONG = { timeout: PATIENCE_MS };

/** Somebody who never sees a command line: no command but the one that opens the workspace. */
describe.skipIf(process.env.STACK_TEST_DAEMON === "none")(
  "an idea in containers, by clicks",
  () => {
    let cli: CommandLine;
    let page: Page;
    let frame: FramePage;

    beforeAll(async () => {
      const { workspace } = await CommandLine.inNewWorkspace();
      cli = new CommandLine(workspace, { env: standIns() });
      page = await openWindow(cli);
      frame = new FramePage(page);
    }, PATIENCE_MS);

    afterAll(async () => {
      await page?.context().browser()?.close();
      await cli?.run("stack", "down", "--docker", "--volumes");
      await cli?.remove();
    }, 120_000);

    const runAs = (name: string) =>
      page.getByRole("radiogroup", { name: "Ideas and deployments run as" }).getByLabel(name);
    const services = (...which: string[]) => cli.json<ServiceView[]>("stack", "ps", ...which);

    test("the first page says what of the stack fits this machine", async () => {
      const machine = page.getByRole("region", { name: "This machine" });
      await onScreen(machine).toContainText(
        /Stack as processes.*core.* fits?: .*GB of memory/,
        LONG,
      );
      await onScreen(machine).toContainText(/Stack as containers.*core.* fits?: .*GB of memory/);
    });

    test(
      "the core is brought up in containers, and ideas run there from then on",
      async () => {
        await frame.open("Stack");
        await onScreen(runAs("Processes")).toBeChecked(LONG);
        const profiles = page.getByRole("region", { name: "Profiles" });
        const core = profiles.getByRole("row").filter({ hasText: "core" });
        await core.getByRole("button", { name: "Bring up core as containers" }).click(LONG);
        const asked = page.getByRole("dialog", {
          name: "Run ideas and deployments as containers?",
        });
        await asked.getByRole("button", { name: "Run them as containers" }).click();
        await onScreen(profiles.getByRole("status")).toContainText(
          /Building|Creating|Starting/,
          LONG,
        );
        await onScreen(profiles.getByRole("status")).toHaveCount(0, LONG);
        await onScreen(runAs("Containers")).toBeChecked();
      },
      PATIENCE_MS,
    );

    test(
      "New idea and Test lead from there to a verdict that no process had a part in",
      async () => {
        await frame.open("Ideas");
        const idea = new IdeaScreen(page);
        await idea.button("New idea").click();
        const begin = idea.button("Test");
        await onScreen(begin).not.toHaveAttribute("aria-disabled", "true", LONG);
        await begin.click();
        await onScreen(idea.banner).toContainText("Testing", LONG);
        await onScreen(idea.banner).toContainText(/^deploy/, LONG);

        const [run] = await cli.json<RunResult[]>("runs");
        expect(run).toMatchObject({ idea: "volatility", state: "done" });
        const natively = await services("--native");
        expect(natively.map(({ state }) => state)).toEqual(natively.map(() => "stopped"));
        const up = (await services("--docker")).filter(({ state }) => state === "ready");
        expect(up.map(({ service }) => service)).toEqual(
          expect.arrayContaining(["engine", "mlflow", "postgres", "s3"]),
        );
        expect(existsSync(join(cli.workspace, "mlflow", "mlflow.db"))).toBe(false);

        await frame.open("Stack");
        await onScreen(runAs("Containers")).toBeChecked();
      },
      PATIENCE_MS,
    );
  },
);
