/**
 * How many steps a random sequence has: a short run for each change; for a long one, with another
 * seed, `STACK_SEQUENCE_STEPS=1000 STACK_SEQUENCE_SEED=8 npm test -- vitest`.
 */
export const stepsOr = (few: number): number => Number(process.env.STACK_SEQUENCE_STEPS ?? few);

export interface RandomSequence {
  /** From 0 to 1. */
  next(): number;
  pick<T>(from: readonly T[]): T;
}

/** Choices that are the same for a seed on every machine (mulberry32). */
export function randomSequence(
  seed = Number(process.env.STACK_SEQUENCE_SEED ?? 7),
): RandomSequence {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { next, pick: (from) => from[Math.floor(next() * from.length)] as never };
}
