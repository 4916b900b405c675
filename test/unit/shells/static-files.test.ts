import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { staticFile } from "../../../main/shells/web/static-files.ts";

let root: string;
let folder: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "breadthflow-static-"));
  folder = join(root, "page");
  mkdirSync(join(folder, "assets"), { recursive: true });
  mkdirSync(join(root, "page-secret"));
  writeFileSync(join(folder, "index.html"), "<title>page</title>");
  writeFileSync(join(folder, "assets", "app-1a2b.js"), "export {}");
  writeFileSync(join(folder, "notes.txt"), "not part of a page");
  for (const secret of ["secret.js", "page-secret/secret.js"]) {
    writeFileSync(join(root, secret), "secret");
  }
  if (process.platform !== "win32") {
    symlinkSync(join(root, "secret.js"), join(folder, "link.js"));
    symlinkSync(root, join(folder, "out"));
  }
});
afterAll(() => rmSync(root, { recursive: true }));

test("serves the page anew each time, and an asset for good, under one strict policy", async () => {
  const page = await staticFile(folder, "/");
  expect(page?.body.toString()).toContain("page");
  expect(page?.headers).toMatchObject({ "content-type": "text/html; charset=utf-8" });
  expect(page?.headers["cache-control"]).toBe("no-store");
  const asset = await staticFile(folder, "/assets/app-1a2b.js");
  expect(asset?.headers["cache-control"]).toContain("immutable");
  expect(asset?.headers["content-security-policy"]).toBe(page?.headers["content-security-policy"]);
});

test.each([
  ["a parent", "/../secret.js"],
  ["an encoded parent", "/%2e%2e/secret.js"],
  ["an encoded slash", "/..%2fsecret.js"],
  ["a backslash", "/..%5csecret.js"],
  ["a folder whose name begins alike", "/../page-secret/secret.js"],
  ["a link to a file outside", "/link.js"],
  ["a link to a folder outside", "/out/secret.js"],
  ["a zero that cuts the name", "/index.html%00.js"],
  ["broken encoding", "/%E0%A4%A"],
  ["a kind that no page needs", "/notes.txt"],
  ["a folder", "/assets"],
])("refuses %s", async (_, path) => {
  expect(await staticFile(folder, path)).toBeNull();
});
