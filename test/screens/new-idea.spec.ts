import { expectAccessible } from "./accessibility.ts";
import { IdeasScreen } from "./pages/ideas.ts";
import { NewIdeaScreen } from "./pages/new-idea.ts";
import { expect as strict, test } from "./workbench.ts";

// The engine warms up on the same cores that draw the window.
const expect = strict.configure({ timeout: 60_000 });

test("a new idea is filled in, and its form and its text stay in step", async ({
  page,
  workspace,
}) => {
  test.setTimeout(400_000);
  await page.goto(await workspace.address());
  await new IdeasScreen(page).button("New idea").click();
  const idea = new NewIdeaScreen(page);

  await test.step("an empty workspace begins with the demo data and a fitting template", async () => {
    await expect(idea.template("Size positions by next week's volatility")).toBeChecked();
    await expect(idea.field("Universe", "Data set")).toHaveValue("demo");
    await expect(idea.test).not.toHaveAttribute("aria-disabled", "true");
    await expect(idea.yaml).toContainText("Which shares will move most next week?");
    await expectAccessible(page, "a new idea");
  });

  await test.step("what is changed in the form stands in the text, with its comments", async () => {
    await idea.field("Target", "Horizon, bars").fill("10");
    await expect(idea.yaml).toContainText("horizon: 10");
    await idea.field("Idea", "Name").fill("فكرة 📈 <img src=x onerror=alert(1)>");
    await expect(idea.yaml).toContainText("فكرة 📈 <img src=x onerror=alert(1)>");
    await idea.field("Gates", "Lift at least").fill("0.02");
    await expect(idea.yaml).toContainText("min_lift: 0.02");
    await idea.field("Gates", "Lift at least").fill("");
    await expect(idea.yaml).not.toContainText("gates:");
    await expect(idea.yaml).toContainText("# Which shares will move most next week?");
  });

  await test.step("what is typed in the text stands in the form", async () => {
    await idea.clickEndOf("trials: 24");
    await page.keyboard.type("8");
    await expect(idea.field("AutoML", "Trials")).toHaveValue("248");
  });

  await test.step("a fault stands at its field and at its line, and Test says why it waits", async () => {
    await idea.field("AutoML", "Trials").fill("0");
    await expect(page.getByText("Must be at least 1.", { exact: true })).toBeVisible();
    await expect(idea.editor.getByRole("status")).toContainText(
      /Line \d+: automl.trials must be at least 1/,
    );
    await expect(idea.editor.locator(".cm-lint-marker-error")).toHaveCount(1);
    await expect(idea.test).toHaveAttribute("aria-disabled", "true");
    await expect(idea.test).toHaveAccessibleDescription(/automl.trials must be at least 1/);
    await expectAccessible(page, "an idea with a fault");
    await idea.field("AutoML", "Trials").fill("12");
    await idea.clickEndOf("trials: 12");
    await page.keyboard.press("Enter");
    await page.keyboard.type("colour: red");
    await expect(idea.editor.getByRole("status")).toContainText("automl.colour is not a known key");
    await page.keyboard.type("\nbroken: [");
    await expect(page.getByText(/The text is not YAML/)).toBeVisible();
  });

  await test.step("the draft outlives a reload, and can be put away and fetched back", async () => {
    await page.reload();
    await expect(page.getByText(/The text is not YAML/)).toBeVisible();
    await idea.template("Buy last week's losers").click();
    await expect(idea.yaml).toContainText("id: reversal");
    await page.getByRole("button", { name: "Undo", exact: true }).click();
    await expect(page.getByText(/The text is not YAML/)).toBeVisible();
    await page.getByRole("button", { name: "Start over" }).click();
    await expect(idea.yaml).toContainText("id: volatility");
    await expect(idea.field("Target", "Horizon, bars")).toHaveValue("5");
  });

  await test.step("data that are not there are named", async () => {
    await idea.field("Universe", "Data set").fill("elsewhere");
    await expect(
      page.getByText(/Names no data set of this workspace; there is demo/),
    ).toBeVisible();
    await expect(idea.test).toHaveAttribute("aria-disabled", "true");
  });
});
