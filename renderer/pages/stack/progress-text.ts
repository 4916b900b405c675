/** As the core tells it, one at a time. */
export type Progress =
  | { readonly kind: "step"; readonly step: string; readonly service: string }
  | { readonly kind: "build"; readonly service: string; readonly line: string }
  | {
      readonly kind: "pull";
      readonly image: string;
      readonly layer: string;
      readonly current: number;
      readonly total: number;
    };

const WORDS: Readonly<Record<string, string>> = {
  create: "Creating",
  recreate: "Replacing",
  start: "Starting",
  stop: "Stopping",
  remove: "Removing",
};

/** Progress in words; of a pull, how much of all layers is there. */
export class ProgressText {
  readonly #layers = new Map<string, { current: number; total: number }>();

  /** Nothing for what says nothing to a person. */
  of(progress: Progress): string | null {
    if (progress.kind === "step") {
      const word = WORDS[progress.step];
      return word ? `${word} ${progress.service}` : null;
    }
    if (progress.kind === "build") return `Building ${progress.service}: ${progress.line}`;
    if (progress.total > 0) this.#layers.set(`${progress.image} ${progress.layer}`, progress);
    const layers = [...this.#layers.entries()].filter(([key]) => key.startsWith(progress.image));
    const done = layers.reduce((sum, [, { current }]) => sum + current, 0);
    const whole = layers.reduce((sum, [, { total }]) => sum + total, 0);
    return `Pulling ${progress.image}${whole > 0 ? ` ${Math.round((100 * done) / whole)} %` : ""}`;
  }
}
