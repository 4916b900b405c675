/** How long the second key of a sequence is waited for. */
const PATIENCE_MS = 1500;

/** What of a `KeyboardEvent` decides. */
type Pressed = { key: string; code: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

/**
 * The Latin letter of a key: as it is written on it, or, where another script is, as it would be on
 * a keyboard of that shape. Null for other keys, and where a modifier makes them the system's.
 */
export function letterOf({ key, code, ctrlKey, metaKey, altKey }: Pressed): string | null {
  if (ctrlKey || metaKey || altKey) return null;
  if (/^[a-z]$/i.test(key)) return key.toLowerCase();
  const isAnotherScript = key.length === 1 && !/[\u0020-\u007e]/.test(key);
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return isAnotherScript && letter ? letter.toLowerCase() : null;
}

/** Sequences of one or two letters: "n", "g i". */
export class KeySequences {
  readonly #actions: ReadonlyMap<string, () => void>;
  #first: { letter: string; at: number } | null = null;

  constructor(actions: ReadonlyMap<string, () => void>) {
    this.#actions = actions;
  }

  /** @returns whether the letter ended a sequence */
  press(letter: string, at: number): boolean {
    const first = this.#first && at - this.#first.at <= PATIENCE_MS ? this.#first.letter : null;
    this.#first = null;
    const action = this.#actions.get(first === null ? letter : `${first} ${letter}`);
    if (action) {
      action();
      return true;
    }
    const begins = [...this.#actions.keys()].some((keys) => keys.startsWith(`${letter} `));
    if (begins) this.#first = { letter, at };
    return false;
  }
}
