import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { LogLine } from "./log-lines.ts";
import classes from "./log-view.module.css";

const LINE_HEIGHT = 18;
/** What can be chosen is this high at least, for a finger or an unsteady hand (WCAG 2.5.8). */
const TARGET_HEIGHT = 24;

/** Lines of a log, however many: only those in view are in the page. */
export function LogView(props: {
  name: string;
  lines: readonly LogLine[];
  /** Stay at the newest line. */
  follow: boolean;
  /** The person scrolled up to read. */
  onUnfollow: () => void;
  /** A line was chosen, where lines can be. */
  onPick?: ((line: LogLine) => void) | undefined;
  /** Number of the line that is brought into view and marked. */
  marked?: number | null;
  empty: string;
}) {
  const { lines, follow, onPick, marked = null } = props;
  const scroller = useRef<HTMLElement>(null);
  const height = onPick ? TARGET_HEIGHT : LINE_HEIGHT;
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 20,
  });
  useEffect(() => {
    if (follow && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtualizer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines of another height lie elsewhere
  useEffect(() => virtualizer.measure(), [height, virtualizer]);
  const place = marked === null ? -1 : lines.findIndex(({ number }) => number === marked);
  useEffect(() => {
    if (place >= 0) virtualizer.scrollToIndex(place, { align: "center" });
  }, [place, virtualizer]);
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed" py="md">
        {props.empty}
      </Text>
    );
  }
  return (
    <section
      ref={scroller}
      className={classes.log}
      aria-label={props.name}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      onWheel={(event) => event.deltaY < 0 && props.onUnfollow()}
    >
      <div style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const line = lines[index];
          if (!line) return null;
          const look = {
            className: classes.line,
            "data-level": line.level,
            "aria-current": line.number === marked || undefined,
            style: { height, transform: `translateY(${start}px)` },
          };
          return onPick ? (
            <button key={line.number} type="button" {...look} onClick={() => onPick(line)}>
              {line.text}
            </button>
          ) : (
            <div key={line.number} {...look}>
              {line.text}
            </div>
          );
        })}
      </div>
    </section>
  );
}
