import type { Page } from "@playwright/test";
import { SMALL_IDEA } from "../e2e/panel.ts";
import { HOSTILE_SYMBOL } from "./bars.ts";
import { writeJudged } from "./judged.ts";
import { FramePage } from "./pages/frame.ts";
import { IdeaScreen } from "./pages/idea.ts";
import { expect as strict, test } from "./workbench.ts";

// Several windows may be drawn by the same two cores.
const expect = strict.configure({ timeout: 60_000 });

/** As long as an idea's name may be. */
const LONGEST = 120;
const TAG = "</b><img src=y onerror=alert(1)>";

const NAMES = [
  "فكرة السوق 📈 هل تتحرك الأسهم؟",
  "x".repeat(LONGEST),
  HOSTILE_SYMBOL,
  `${"👩‍👩‍👧‍👦".repeat(10)} 例え`,
] as const;

const documentOf = (name: string, at: number) =>
  SMALL_IDEA.replace("id: small", `id: odd-${at}`)
    .replace(
      /^name: .*$/m,
      `name: ${JSON.stringify(name)}
description: ${JSON.stringify("d".repeat(2000))}
tags: [${JSON.stringify(TAG)}]`,
    )
    .replace("data: panel", `data: panel, symbols: [${JSON.stringify(HOSTILE_SYMBOL)}, S${at}]`);

for (const size of [
  { width: 1440, height: 900 },
  { width: 1100, height: 700 },
]) {
  test(`names of any script and length are text, and fit, at ${size.width}×${size.height}`, async ({
    page,
    workspace,
  }) => {
    writeJudged(
      workspace,
      NAMES.map((name, at) => ({ yaml: documentOf(name, at), verdict: "watch" as const })),
    );
    await page.setViewportSize(size);
    await page.goto(await workspace.address());
    const shows = async (name: string) => {
      await expect(page.getByText(name, { exact: true }).first()).toBeVisible();
      await expectFits(page, name);
    };

    await test.step("as cards and as lines", async () => {
      for (const name of NAMES) await shows(name);
      await page.getByRole("radiogroup", { name: "Show as" }).getByText("Table").click();
      for (const name of NAMES) await shows(name);
    });

    const frame = new FramePage(page);
    await test.step("at the head of the idea, and of what is compared", async () => {
      for (const [at, name] of NAMES.entries()) {
        await new IdeaScreen(page).open(`odd-${at}`);
        await expect(frame.title).toHaveText(name);
        await expectFits(page, name);
      }
      const runs = NAMES.map((_, at) => `r-${String(at).padStart(10, "0")}`);
      await page.evaluate(`location.assign("#/ideas/compare/${runs.join(",")}")`);
      await expect(frame.title).toHaveText("Compare 4 ideas");
      for (const name of NAMES) await shows(name);
      await expect(page.getByText(HOSTILE_SYMBOL).first()).toBeVisible();
    });

    await test.step("in the palette", async () => {
      for (const name of NAMES) {
        await page.keyboard.press("Control+k");
        const dialog = page.getByRole("dialog");
        await dialog.getByRole("textbox").fill(name);
        await expect(dialog.getByRole("button", { name }).first()).toBeVisible();
        await expectFits(page, name);
        await page.keyboard.press("Escape");
        await expect(dialog).toBeHidden();
      }
    });
    expect(await page.title()).not.toBe("owned");
  });
}

/** Nothing sticks out of the window to where one cannot scroll, and no markup has come to life. */
async function expectFits(page: Page, what: string): Promise<void> {
  const { images, outside } = await page.evaluate(() => {
    /** What lies in a box that scrolls or clips may be wider than what is seen of it. */
    const isKept = (element: Element): boolean => {
      for (let box = element.parentElement; box; box = box.parentElement) {
        if (box === document.body) return false;
        if (box.id !== "screen" && getComputedStyle(box).overflowX !== "visible") return true;
      }
      return false;
    };
    const all = [...document.querySelectorAll("body *")];
    return {
      images: document.querySelectorAll("img").length,
      outside: all
        .filter((element) => {
          const { left, right, width } = element.getBoundingClientRect();
          return width > 0 && (left < -1 || right > innerWidth + 1) && !isKept(element);
        })
        .map((element) => element.outerHTML.slice(0, 200)),
    };
  });
  expect({ what, images, outside }).toEqual({ what, images: 0, outside: [] });
}
