/** A frame is a header of 8 bytes (stream, length) and what was written. */
const HEADER = 8;

/** Takes the daemon's framing off a whole answer. */
export function demultiplexed(answer: Buffer, tty: boolean): string {
  return tty ? answer.toString("utf8") : Buffer.concat([...frames(answer).parts]).toString("utf8");
}

/** The payloads of all whole frames, and what is left of a frame that has not come whole yet. */
export function frames(chunk: Buffer): { parts: Buffer[]; rest: Buffer } {
  const parts: Buffer[] = [];
  let at = 0;
  while (chunk.length - at >= HEADER) {
    const end = at + HEADER + chunk.readUInt32BE(at + 4);
    if (end > chunk.length) break;
    parts.push(chunk.subarray(at + HEADER, end));
    at = end;
  }
  return { parts, rest: chunk.subarray(at) };
}
