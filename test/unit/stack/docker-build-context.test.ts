import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import tar from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { buildContext } from "../../../main/stack/docker/build-context.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "context-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

/** The files that the daemon would get. */
async function sent(build: Parameters<typeof buildContext>[0]) {
  const { stream, dockerfile } = buildContext(build);
  const files: string[] = [];
  const extract = tar.extract();
  extract.on("entry", ({ name, type }, content, next) => {
    if (type === "file") files.push(name);
    content.resume();
    content.on("end", next);
  });
  stream.pipe(extract);
  await new Promise((resolve, reject) => extract.on("finish", resolve).on("error", reject));
  return { files: files.sort(), dockerfile };
}

describe("what a build is sent", () => {
  test("everything, without .dockerignore", async () => {
    write("Dockerfile", "a/b", "c");
    expect(await sent({ context: folder })).toEqual({
      files: ["Dockerfile", "a/b", "c"],
      dockerfile: "Dockerfile",
    });
  });

  test("not what .dockerignore leaves out, but what it takes in again, and the Dockerfile", async () => {
    write("images/Dockerfile", "keep/deep/this", "keep/deep/that.pyc", "drop/this", "secret");
    writeFileSync(join(folder, ".dockerignore"), "*\n!keep/deep\n**/*.pyc\n");
    expect(await sent({ context: folder, dockerfile: "images/Dockerfile" })).toEqual({
      files: ["images/Dockerfile", "keep/deep/this"],
      dockerfile: "images/Dockerfile",
    });
  });

  test("a Dockerfile from elsewhere, or from the compose file itself", async () => {
    write("inside/file", "Elsewhere");
    const context = join(folder, "inside");
    expect((await sent({ context, dockerfile: join(folder, "Elsewhere") })).files).toEqual([
      ".breadthflow.Dockerfile",
      "file",
    ]);
    expect((await sent({ context, dockerfile_inline: "FROM scratch" })).dockerfile).toBe(
      ".breadthflow.Dockerfile",
    );
  });
});
