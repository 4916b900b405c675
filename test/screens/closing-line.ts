import type { Reporter, Suite } from "@playwright/test/reporter";

/** Closes with the counts in one line, which `npm test` adds up over all of its runners. */
export default class ClosingLine implements Reporter {
  #all: Suite | undefined;

  onBegin(_config: unknown, all: Suite): void {
    this.#all = all;
  }

  onEnd(): void {
    const counts = { passed: 0, failed: 0, skipped: 0 };
    for (const test of this.#all?.allTests() ?? []) {
      const outcome = test.outcome();
      if (outcome === "skipped") counts.skipped += 1;
      else if (outcome === "unexpected") counts.failed += 1;
      else counts.passed += 1;
    }
    const { passed, failed, skipped } = counts;
    const flaky = (this.#all?.allTests() ?? []).filter((test) => test.outcome() === "flaky");
    for (const test of flaky) process.stdout.write(`Flaky: ${test.title}\n`);
    process.stdout.write(`Screens  ${passed} passed | ${failed} failed | ${skipped} skipped\n`);
  }

  printsToStdio(): boolean {
    return true;
  }
}
