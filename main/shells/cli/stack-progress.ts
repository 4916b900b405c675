import type { StackProgress } from "../../stack/docker/supervisor.ts";
import { styled } from "./terminal.ts";

const WORDS: Readonly<Record<string, string>> = {
  create: "creating",
  recreate: "replacing",
  start: "starting",
  stop: "stopping",
  remove: "removing",
};

/** What the stack is doing, a line at a time, on standard error. */
export class StackProgressLine {
  #last = "";
  readonly #layers = new Map<string, { current: number; total: number }>();

  show(progress: StackProgress): void {
    const text = this.#textOf(progress);
    if (!text || text === this.#last) return;
    this.#last = text;
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text.slice(0, 100)}`);
    else process.stderr.write(`${text}\n`);
  }

  end(): void {
    if (process.stderr.isTTY && this.#last) process.stderr.write("\r\u001b[K");
  }

  #textOf(progress: StackProgress): string | undefined {
    if (progress.kind === "step") {
      const word = WORDS[progress.step];
      return word && `${styled("dim", word, process.stderr)} ${progress.service}`;
    }
    if (progress.kind === "build") return `building ${progress.service}: ${progress.line}`;
    if (progress.total > 0) this.#layers.set(progress.layer, progress);
    const layers = [...this.#layers.values()];
    const done = layers.reduce((sum, { current }) => sum + current, 0);
    const whole = layers.reduce((sum, { total }) => sum + total, 0);
    const share = whole > 0 ? ` ${Math.round((100 * done) / whole)} %` : "";
    return `pulling ${progress.image}${share}`;
  }
}
