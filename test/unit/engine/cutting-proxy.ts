import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export type CuttingProxy = { address: string; cuts: () => number; close(): Promise<void> };

/** Passes connections on, and breaks each of the first `times` after `bytes` of the answer. */
export async function startCuttingProxy(
  target: string,
  { bytes, times }: { bytes: number; times: number },
): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    open.add(client).add(upstream);
    let passed = 0;
    client.on("data", (data) => upstream.write(data));
    upstream.on("data", (data) => {
      if (cuts < times && passed + data.length > bytes) {
        cuts += 1;
        client.write(data.subarray(0, bytes - passed), () => client.resetAndDestroy());
        upstream.destroy();
        return;
      }
      passed += data.length;
      client.write(data);
    });
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("end", () => other.end());
      one.on("close", () => open.delete(one));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
