// Deploys a model, then dies as a crashed workbench does: by SIGKILL, leaving it being served.
import { DeploymentId } from "../../../../contract/ids.ts";
import { LocalStack } from "../local-stack.ts";

const [root, version] = process.argv.slice(2) as [string, string];
const stack = new LocalStack({ root });
await stack.rollout.load({ deployment: DeploymentId.parse("vol"), model: "vol", version });
process.kill(process.pid, "SIGKILL");
