/** Brings a project up in a process of its own, which a test can kill: `bring-up.ts FILE LOGS`. */
import { loadPlan } from "../../../main/stack/compose/load.ts";
import { connect } from "../../../main/stack/docker/connection.ts";
import { DockerSupervisor } from "../../../main/stack/docker/supervisor.ts";

const [, , file, logs] = process.argv as [string, string, string, string];
const plan = loadPlan({ files: [file], environment: process.env });
const supervisor = await new DockerSupervisor(await connect(), plan, logs).open();
process.stdout.write("up\n");
await supervisor.up();
await supervisor.close();
