import { describe, expect, it } from "vitest";
import { windowsFor } from "../../../main/shells/cli/windows.ts";

const MACHINE = { hasDisplay: true, electron: "/electron", browser: "/chromium" };
const PLAIN = { open: true };

describe("what start shows the workbench in", () => {
  it("is Electron's window where its program and a display are there, then the browser's", () => {
    expect(windowsFor(PLAIN, MACHINE)).toEqual({ electron: "/electron", browser: "/chromium" });
  });

  it("is the browser's window where Electron's program is not there", () => {
    expect(windowsFor(PLAIN, { ...MACHINE, electron: null })).toEqual({
      electron: null,
      browser: "/chromium",
    });
  });

  it.each([
    ["there is no display", PLAIN, { ...MACHINE, hasDisplay: false }],
    ["there is neither program", PLAIN, { ...MACHINE, electron: null, browser: null }],
    ["nothing is to be opened", { open: false }, MACHINE],
    ["nothing is to be opened, of the web's either", { open: false, web: true }, MACHINE],
  ])("is nothing but an address where %s", (_where, asked, machine) => {
    expect(windowsFor(asked, machine)).toEqual({ electron: null, browser: null });
  });

  it.each([
    ["--web", { open: true, web: true }],
    ["--port", { open: true, port: 8080 }],
  ])("is the browser's with %s, whatever else is there", (_option, asked) => {
    expect(windowsFor(asked, MACHINE)).toEqual({ electron: null, browser: "/chromium" });
  });
});
