import { setTimeout as sleep } from "node:timers/promises";
import pino from "pino";
import { expect, test } from "vitest";
import { LastingServices } from "../../../main/stack/native/lasting-services.ts";
import { nativeSupervisor } from "./support/native-supervisor.ts";
import { testService } from "./support/test-services.ts";

const native = nativeSupervisor();
const WARM_UP_MS = 100;

function opened(): LastingServices {
  native.supervisor.add(testService("one"));
  const lasting = new LastingServices({
    services: native.supervisor,
    names: ["one"],
    warmUpMs: WARM_UP_MS,
    restore: () => Promise.resolve(),
    onWarm: () => undefined,
    log: pino({ enabled: false }),
  });
  lasting.open();
  return lasting;
}

test("what ideas will need is started before it is asked for", async () => {
  opened();
  await expect.poll(() => native.supervisor.statusOf("one").state).toBe("ready");
});

test("what somebody has ended meanwhile stays so", async () => {
  const lasting = opened();
  lasting.warmNoMore();
  await sleep(5 * WARM_UP_MS);
  expect(native.supervisor.statusOf("one").state).toBe("stopped");
});
