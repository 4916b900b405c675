import { useEffect, useState } from "react";

/** Seconds since `start`, counted on while it is given; null otherwise. */
export function useElapsed(start: string | number | null): number | null {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (start === null) return;
    setNow(Date.now());
    const ticking = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(ticking);
  }, [start]);
  if (start === null) return null;
  const began = typeof start === "number" ? start : Date.parse(start);
  return Math.max(0, Math.floor((now - began) / 1000));
}
