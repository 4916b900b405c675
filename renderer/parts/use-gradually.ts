import type { VirtualItem } from "@tanstack/react-virtual";
import { useEffect, useState } from "react";

/**
 * The lines of a long list that are drawn now: those already there, and in each frame a few more,
 * the nearest to the middle first. Who scrolls fast asks for a whole window of lines at once, and
 * drawing it in one go would hold up the next turn of the wheel.
 *
 * @param wanted in view or near it
 * @param most new lines a frame
 */
export function useGradually(wanted: readonly VirtualItem[], most: number): VirtualItem[] {
  const [drawn, setDrawn] = useState<ReadonlySet<number>>(new Set<number>());
  useEffect(() => {
    const isDrawn = ({ index }: VirtualItem) => drawn.has(index);
    if (wanted.every(isDrawn)) return;
    const frame = requestAnimationFrame(() => {
      const middle = ((wanted[0]?.index ?? 0) + (wanted.at(-1)?.index ?? 0)) / 2;
      const fresh = wanted
        .filter((item) => !isDrawn(item))
        .sort((a, b) => Math.abs(a.index - middle) - Math.abs(b.index - middle))
        .slice(0, most);
      setDrawn(new Set([...wanted.filter(isDrawn), ...fresh].map(({ index }) => index)));
    });
    return () => cancelAnimationFrame(frame);
  }, [wanted, drawn, most]);
  return wanted.filter(({ index }) => drawn.has(index));
}
