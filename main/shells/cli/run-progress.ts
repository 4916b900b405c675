import { clearLine, cursorTo } from "node:readline";
import type { NumberedRunEvent, RunState, StepState } from "../../../contract/run.ts";
import type { StepEvent, StepName } from "../../../contract/step.ts";
import { decimal, seconds, styled } from "./terminal.ts";

const MARKS: Record<StepState, string> = {
  waiting: " ",
  running: "…",
  cached: "=",
  done: "✓",
  failed: "✗",
  cancelled: "○",
  skipped: "–",
};

/**
 * Shows a run on standard error while it works: one line a finished step and, on a terminal, one
 * live line with the bar, the estimate and the best trial so far. Elsewhere (a log, CI) only whole
 * lines are written.
 */
export class RunProgress {
  readonly #stream = process.stderr;
  #best: { engine: string; score: number } | null = null;
  #trials = 0;

  show({ event }: NumberedRunEvent): void {
    if (event.type === "step") this.#step(event.step, event.state, event.seconds);
    else if (event.type === "news") this.#news(event.step, event.news);
    else if (event.type === "ended") this.#ended(event.state);
  }

  #step(step: StepName, state: StepState, took: number | null): void {
    if (state === "waiting" || state === "running") return;
    this.#wipe();
    const colour = state === "failed" ? "red" : state === "cached" ? "dim" : "green";
    const mark = styled(colour, MARKS[state], this.#stream);
    const time = state === "cached" ? "cached" : took === null ? state : seconds(took);
    this.#stream.write(`  ${mark} ${step.padEnd(9)} ${styled("dim", time, this.#stream)}\n`);
  }

  #news(step: StepName, news: StepEvent): void {
    if (news.kind === "trial") {
      this.#trials += 1;
      const score = news.state === "complete" ? news.score : null;
      if (score !== null && score !== undefined && score > (this.#best?.score ?? -Infinity)) {
        this.#best = { engine: news.engine, score };
      }
    }
    if (news.kind === "progress") this.#live(step, news.fraction, news.message, news.eta_s ?? null);
  }

  #live(step: StepName, fraction: number, message: string, eta: number | null): void {
    if (!this.#stream.isTTY) return;
    this.#wipe();
    const filled = Math.round(fraction * 20);
    const best = this.#best
      ? ` · ${this.#trials} trials, best ${this.#best.engine} ${decimal(this.#best.score)}`
      : "";
    const left = eta === null ? "" : ` · ${seconds(eta)} left`;
    const text = `  ${"█".repeat(filled)}${"░".repeat(20 - filled)} ${step} ${message}${left}${step === "train" ? best : ""}`;
    this.#stream.write(text.slice(0, (this.#stream.columns ?? 80) - 1));
  }

  #ended(_state: RunState): void {
    this.#wipe();
  }

  #wipe(): void {
    if (!this.#stream.isTTY) return;
    clearLine(this.#stream, 0);
    cursorTo(this.#stream, 0);
  }
}
