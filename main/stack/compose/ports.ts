import { isIP } from "node:net";
import { type Path, refusal } from "./tree.ts";

/** A port in its long form. */
export interface PortMapping {
  mode: string;
  host_ip?: string;
  target: number;
  published?: string;
  protocol: string;
}

/** `[[ip:]published:]target[/protocol]`, where published and target may be ranges. */
export function portsOf(text: string, path: Path): PortMapping[] {
  const fail = (why: string) =>
    refusal("bad_port", `${JSON.stringify(text)} is not a port: ${why}`, {
      path,
      hint: "Write it as IP:PUBLISHED:TARGET, such as 127.0.0.1:8080:80.",
    });
  const range = (part: string): [number, number] => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? first);
    if (!match || last > 65_535 || last < first) throw fail(`${part} is not a port or a range`);
    return [first, last];
  };

  const parts = text.split(":");
  const [inside, protocol = "tcp"] = (parts.pop() as string).split("/");
  const outside = parts.pop() ?? "";
  const address = parts.join(":").replace(/^\[(.*)\]$/, "$1");
  if (address && !isIP(address)) throw fail(`${address} is not an address`);
  if (!/^(tcp|udp|sctp)$/i.test(protocol)) throw fail(`${protocol} is not a protocol`);

  const [first, last] = range(inside as string);
  const published = outside ? range(outside) : undefined;
  const several = published && published[1] - published[0] !== last - first;
  if (several && last !== first) throw fail("the ranges differ in length");
  const mappings: PortMapping[] = [];
  for (let target = first; target <= last; target += 1) {
    const own = published && published[0] + target - first;
    mappings.push({
      mode: "ingress",
      ...(address ? { host_ip: address } : {}),
      target,
      ...(own === undefined ? {} : { published: several ? `${own}-${published[1]}` : String(own) }),
      protocol: protocol.toLowerCase(),
    });
  }
  // As compose does: by the text of the target, so that 10 comes before 9.
  return mappings.sort((a, b) => (String(a.target) < String(b.target) ? -1 : 1));
}
