import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { indexSettings } from "../../../scripts/prepare/package-index.mjs";
import { interpreterIn } from "../../../scripts/prepare/places.mjs";
import { findPython } from "../../../scripts/prepare/python.mjs";
import { ensureUv } from "../../../scripts/prepare/uv.mjs";
import { FileServer } from "./file-server.ts";
import { House } from "./fixture.ts";

// pip alone needs seconds to begin, many more where the machine is busy.
vi.setConfig({ testTimeout: 60_000 });

const machine = process.arch === "arm64" ? "aarch64" : "x86_64";
const WHEEL = `uv-9.9.9-py3-none-manylinux_2_17_${machine}.manylinux2014_${machine}.whl`;
const WHEEL_PATH = `/files/${WHEEL}`;
const linux = process.platform === "linux";
const root = process.getuid?.() === 0;

/** Made once: two Pythons, and a wheel whose `uv` is a script that tells its version. */
let shared: string;
let withPip: string;
let withoutPip: string;
let wheel: Buffer;

let house: House;
let index: FileServer;

describe.skipIf(!linux)("where the machine has no uv", () => {
  beforeAll(async () => {
    shared = mkdtempSync(path.join(tmpdir(), "prepare-uv-"));
    chmodSync(shared, 0o755);
    const { executable } = await findPython();
    const uv = await ensureUv();
    const { env } = await indexSettings({ executable });
    const make = (name: string, ...options: string[]) => {
      const folder = path.join(shared, name);
      const venv = ["venv", "--quiet", "--no-project", "--python", executable, ...options, folder];
      execFileSync(uv, venv, { env: { ...process.env, ...env } });
      return interpreterIn(folder);
    };
    withPip = make("with-pip", "--seed");
    withoutPip = make("without-pip");
    wheel = makeWheel(executable);
  }, 120_000);
  afterAll(() => rmSync(shared, { recursive: true, force: true }));

  beforeEach(async () => {
    [house, index] = await Promise.all([House.make(), FileServer.open()]);
    index.put(WHEEL_PATH, wheel);
    index.put("/simple/uv/", `<a href="../..${WHEEL_PATH}">${WHEEL}</a>`, "text/html");
    house.write("scripts/prepare/uv.txt", pinOf(wheel));
  });
  afterEach(async () => {
    house.remove();
    await index.close();
  });

  test("pip installs the pinned one, from the index that pip is told, with its login", async () => {
    index.login = "name:secret";
    const address = index.address.replace("//", "//name:secret@");
    const { code, text } = await ensure(withPip, { PIP_INDEX_URL: `${address}/simple` }).ended;
    expect(code, text).toBe(0);
    expect(text).toContain("installing uv 9.9.9");
    expect(text).not.toContain("secret");
    expect(version()).toBe("uv 9.9.9");
  });

  test("without pip it is fetched from the index that uv is told, a page of links", async () => {
    index.login = "name:secret";
    const address = index.address.replace("//", "//name:secret@");
    const { code, text } = await ensure(withoutPip, { UV_DEFAULT_INDEX: `${address}/simple/` })
      .ended;
    expect(code, text).toBe(0);
    expect(version()).toBe("uv 9.9.9");
  });

  test("without pip it is fetched from an index that answers in JSON", async () => {
    index.answer("/simple/uv/", (accept) => {
      expect(accept).toContain("application/vnd.pypi.simple.v1+json");
      const files = [
        { filename: "uv-9.9.9-py3-none-win_amd64.whl", url: "/files/another" },
        { filename: WHEEL, url: `${index.address}${WHEEL_PATH}` },
      ];
      return { body: JSON.stringify({ files }), type: "application/vnd.pypi.simple.v1+json" };
    });
    const { code, text } = await ensure(withoutPip, told()).ended;
    expect(code, text).toBe(0);
    expect(version()).toBe("uv 9.9.9");
    expect(index.asked).toEqual(["/simple/uv/", WHEEL_PATH]);
  });

  describe.each([
    ["by pip", () => withPip],
    ["by download", () => withoutPip],
  ])("%s", (_, python) => {
    test("another file than the pinned one is refused", async () => {
      house.write("scripts/prepare/uv.txt", pinOf(Buffer.from("another wheel")));
      const { code, text } = await ensure(python(), told()).ended;
      expect(code).toBe(1);
      expect(text).toMatch(/served something other than what the lock names .* do not install it/);
      expect(left()).toEqual([]);
    });

    test("an index that does not answer is named", async () => {
      const nowhere = { UV_DEFAULT_INDEX: "http://127.0.0.1:9/simple", PIP_RETRIES: "1" };
      const { code, text } = await ensure(python(), nowhere).ended;
      expect(code).toBe(1);
      expect(text).toContain(
        "The Python package index (127.0.0.1:9) cannot be reached, so uv cannot be installed; connect to the network, or set UV_DEFAULT_INDEX to a mirror",
      );
    });

    test("killed meanwhile, the same command finishes the work and clears what was left", async () => {
      const held = index.hold(WHEEL_PATH);
      const killed = ensure(python(), told());
      await held.asked;
      mkdirSync(path.join(house.root, ".cache", "uv", "9.9.9.left-by-a-killed-one"), {
        recursive: true,
      });
      killed.child.kill("SIGKILL");
      held.release();
      const { code, text } = await ensure(python(), told()).ended;
      expect(code, text).toBe(0);
      expect(version()).toBe("uv 9.9.9");
      expect(left()).toEqual(["9.9.9"]);
      expect(house.locks()).toEqual([]);
    });

    test("of two that run at once one fetches it, and the other waits", async () => {
      const held = index.hold(WHEEL_PATH);
      const first = ensure(python(), told());
      await held.asked;
      const second = ensure(python(), told());
      await second.says("waiting for another set-up to install uv");
      held.release();
      expect([(await first.ended).code, (await second.ended).code]).toEqual([0, 0]);
      expect(index.asked.filter((asked) => asked === WHEEL_PATH)).toHaveLength(1);
    });
  });

  test("an index without a wheel for this machine is named", async () => {
    index.put("/simple/uv/", '<a href="x">uv-9.9.9-py3-none-win_amd64.whl</a>', "text/html");
    const { code, text } = await ensure(withoutPip, told()).ended;
    expect(code).toBe(1);
    expect(text).toContain(`no wheel of uv 9.9.9 for this platform at ${index.address}/simple/uv/`);
  });

  test("without pip or an index, who may not install packages is told what to do", async () => {
    // An administrator, who would be given Debian's pip, is nobody in a name space of its own.
    const { code, text } = await ensure(withoutPip, {}, root ? ["/usr/bin/unshare", "--user"] : [])
      .ended;
    expect(code).toBe(1);
    expect(text).toContain(
      `${withoutPip} has no pip, with which uv is installed; install it (Debian: apt-get install python3-pip)`,
    );
  });

  test.skipIf(!root || !existsSync("/usr/bin/apt-get"))(
    "without pip or an index, Debian's administrator is given Debian's pip",
    async () => {
      const python = path.join(house.root, "venv");
      cpSync(path.join(shared, "without-pip"), python, { recursive: true, verbatimSymlinks: true });
      const packages = execFileSync(
        withPip,
        ["-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        { encoding: "utf8" },
      ).trim();
      const aptGet = path.join(house.root, "apt-get");
      house.write(
        "apt-get",
        `#!/bin/sh\necho "$@" >> ${house.root}/asked\n` +
          `case "$*" in *python3-pip*) cp -r ${packages}/pip ${python}/lib/python3*/site-packages/;; esac\n`,
      );
      chmodSync(aptGet, 0o755);
      // It stands in the place of the real one, for this process only.
      const mount = `mount --bind ${aptGet} /usr/bin/apt-get && exec "$@"`;
      const { code, text } = await ensure(
        interpreterIn(python),
        { PIP_INDEX_URL: `${index.address}/simple`, PATH: process.env.PATH ?? "" },
        ["/usr/bin/unshare", "--mount", "sh", "-c", mount, "sh"],
      ).ended;
      expect(code, text).toBe(0);
      expect(text).toContain("installing Debian's python3-pip, which uv is installed with");
      expect(readFileSync(path.join(house.root, "asked"), "utf8").trim().split("\n")).toEqual([
        "update -qq",
        "install -y -qq --no-install-recommends python3-pip",
      ]);
      expect(version()).toBe("uv 9.9.9");
    },
  );
});

const told = () => ({ UV_DEFAULT_INDEX: `${index.address}/simple` });

const version = () =>
  execFileSync(path.join(house.root, ".cache", "uv", "9.9.9", "bin", "uv"), ["--version"], {
    encoding: "utf8",
  }).trim();

/** What the installation has left in the project's cache. */
function left(): string[] {
  const folder = path.join(house.root, ".cache", "uv");
  return existsSync(folder) ? readdirSync(folder) : [];
}

type Ended = { code: number | null; text: string };
type Ensuring = {
  child: ChildProcess;
  ended: Promise<Ended>;
  says: (what: string) => Promise<void>;
};

/** The house's own `ensureUv`, on a machine that has this Python and no uv; `within` starts it. */
function ensure(
  python: string,
  env: Record<string, string>,
  within: readonly string[] = [],
): Ensuring {
  const script = `
    const { ensureUv } = await import("./scripts/prepare/uv.mjs");
    try {
      console.log(await ensureUv({ onMessage: console.log }));
    } catch (error) {
      console.log(error.message);
      process.exitCode = 1;
    }`;
  const node = [process.execPath, "--input-type=module", "-e", script];
  const [command = "", ...args] = [...within, ...node];
  const child = spawn(command, args, {
    cwd: house.root,
    env: {
      PATH: path.join(house.root, "nowhere"),
      HOME: house.root,
      BREADTHFLOW_PYTHON: python,
      PIP_CONFIG_FILE: "/dev/null",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  let heard = () => undefined as unknown;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
      heard();
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
  const says = (what: string) =>
    new Promise<void>((resolve, reject) => {
      heard = () => text.includes(what) && resolve();
      heard();
      void ended.then(() => reject(new Error(`It never said that: ${text}`)));
    });
  return { child, ended, says };
}

function pinOf(file: Buffer): string {
  return `uv==9.9.9 \\\n    --hash=sha256:${createHash("sha256").update(file).digest("hex")}\n`;
}

/** As uv's own wheel is: a program among the scripts of its data. */
function makeWheel(python: string): Buffer {
  const program = `
import sys, zipfile
info = "uv-9.9.9.dist-info"
files = {
    "uv-9.9.9.data/scripts/uv": "#!/bin/sh\\necho uv 9.9.9\\n",
    f"{info}/METADATA": "Metadata-Version: 2.1\\nName: uv\\nVersion: 9.9.9\\n",
    f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: false\\nTag: py3-none-any\\n",
}
record = "".join(f"{name},,\\n" for name in [*files, f"{info}/RECORD"])
with zipfile.ZipFile(sys.argv[1], "w") as archive:
    for name, text in {**files, f"{info}/RECORD": record}.items():
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        archive.writestr(entry, text)
`;
  const file = path.join(shared, WHEEL);
  execFileSync(python, ["-c", program, file]);
  return readFileSync(file);
}
