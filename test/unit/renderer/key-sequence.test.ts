import { expect, test, vi } from "vitest";
import { KeySequences, letterOf } from "../../../renderer/app/key-sequence.ts";

const NO_MODIFIER = { ctrlKey: false, metaKey: false, altKey: false };

test("two letters one after the other are a sequence, with time between them they are not", () => {
  const ideas = vi.fn();
  const begin = vi.fn();
  const keys = new KeySequences(
    new Map([
      ["g i", ideas],
      ["n", begin],
    ]),
  );
  expect(keys.press("g", 0)).toBe(false);
  expect(keys.press("i", 400)).toBe(true);
  expect(ideas).toHaveBeenCalledTimes(1);
  keys.press("g", 1000);
  keys.press("i", 9000);
  keys.press("i", 9100);
  expect(ideas).toHaveBeenCalledTimes(1);
  expect(keys.press("n", 9200)).toBe(true);
  keys.press("g", 9300);
  expect(keys.press("n", 9400), "g n is no sequence").toBe(false);
  keys.press("g", 9500);
  keys.press("g", 9600);
  keys.press("i", 9700);
  expect(ideas).toHaveBeenCalledTimes(2);
  expect(begin).toHaveBeenCalledTimes(1);
});

test("a letter is the one on the key, in another script the one at its place, with a modifier none", () => {
  expect(letterOf({ key: "g", code: "KeyG", ...NO_MODIFIER })).toBe("g");
  expect(letterOf({ key: "A", code: "KeyQ", ...NO_MODIFIER })).toBe("a");
  expect(letterOf({ key: "п", code: "KeyG", ...NO_MODIFIER })).toBe("g");
  expect(letterOf({ key: "1", code: "Digit1", ...NO_MODIFIER })).toBeNull();
  expect(letterOf({ key: "Enter", code: "Enter", ...NO_MODIFIER })).toBeNull();
  expect(letterOf({ key: "g", code: "KeyG", ...NO_MODIFIER, ctrlKey: true })).toBeNull();
  // Option and N on a Mac.
  expect(letterOf({ key: "Dead", code: "KeyN", ...NO_MODIFIER, altKey: true })).toBeNull();
});
