import { describe, expect, it } from "vitest";
import { CommandLine } from "./command-line.ts";

// No command below gets as far as a workspace.
const cli = new CommandLine("never-made");

describe("a command that is not understood", () => {
  it.each([
    ["a command that there is not", ["rnu"], "rnu"],
    ["an option that there is not", ["runs", "--colour"], "--colour"],
    ["an argument that is missing", ["deploy"], "run"],
    ["one argument too many", ["runs", "show", "r-0123456789", "more"], "argument"],
    ["a value that an option cannot have", ["start", "--port", "none"], "65535"],
    ["no command at all", [], "No command"],
  ])("with --json, %s is one problem on standard output", async (_, args, said) => {
    const { code, stdout, stderr } = await cli.run(...args, "--json");
    expect(code).toBe(1);
    const { error } = JSON.parse(stdout);
    expect(error.code).toBe("usage");
    expect(error.detail).toContain(said);
    expect(error.hint).toContain("npm run -s cli -- --help");
    expect(stderr).toContain("Usage: breadthflow");
  });

  it("without --json is told to people alone", async () => {
    const { code, stdout, stderr } = await cli.run("rnu");
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain("unknown command 'rnu'");
    expect(stderr).toContain("Usage: breadthflow");
  });

  it.each(["--help", "--version"])("%s is an answer, not an error", async (asked) => {
    const { code, stdout } = await cli.run(asked);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Usage: breadthflow|^\d+\.\d+/);
  });
});
