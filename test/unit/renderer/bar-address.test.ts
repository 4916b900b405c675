import { expect, test } from "vitest";
import { barAddress, barIn } from "../../../renderer/pages/data/addresses.ts";

test.each(["AAPL", "BRK/B", "A,B", "50 %", "<img onerror=x>", "עברית 🎲"])(
  "the address of a bar of %s names it, whatever its symbol",
  (symbol) => {
    const bar = { version: "9f2c", symbol, date: "2016-05-19" };
    const address = barAddress("sp500", bar);
    expect(address).toMatch(/^\/data\/sp500\/bar\/[^/]+$/);
    expect(barIn(decodeURIComponent(address.split("/").at(-1) ?? ""))).toEqual(bar);
  },
);

test.each(["", "v,S", "v,S,yesterday", "v,%E0%A4%A,2016-05-19"])("%j names no bar", (text) => {
  expect(barIn(text)).toBeNull();
});
