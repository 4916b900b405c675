/**
 * Mirrors an index in a process of its own, which a test can kill: `mirror-in-process.ts FILE PORT`,
 * with the password in MIRROR_PASSWORD. It says when the mirror stands, and has nothing else to do.
 */
import { dirname, join } from "node:path";
import { IndexMirror } from "../../../main/project-index/mirror/index-mirror.ts";
import { openProjectIndex } from "../../../main/project-index/project-index.ts";
import { TypedEvent } from "../../../main/runtime/typed-event.ts";

const [, , file, port] = process.argv as [string, string, string, string];
const index = openProjectIndex({ file, backups: join(dirname(file), "backups") });
const waiting = setInterval(() => undefined, 1000);
new IndexMirror({
  source: index.mirrorSource,
  database: {
    port: () => Promise.resolve(Number(port)),
    password: () => process.env.MIRROR_PASSWORD ?? "",
    changed: new TypedEvent(),
  },
  onNotice: () => undefined,
  log: {
    ...{ debug: () => undefined, warn: () => undefined, error: () => undefined },
    info: () => {
      process.stdout.write("mirrored\n");
      clearInterval(waiting);
    },
  },
});
