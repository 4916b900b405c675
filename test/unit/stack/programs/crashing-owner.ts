// Starts services, then dies as a crashed workbench does: by SIGKILL, leaving them behind.
import { testService, testSupervisor } from "../support/test-services.ts";

const folder = process.argv[2] as string;
const supervisor = testSupervisor(folder);
supervisor.add(testService("kept"));
supervisor.add(testService("forgotten", { env: { CHILD: "1" } }));
supervisor.add(testService("changed", { revision: "old" }));
await Promise.all(["kept", "forgotten", "changed"].map((name) => supervisor.start(name)));
process.kill(process.pid, "SIGKILL");
