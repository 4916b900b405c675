import { Text } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import type { LogLine } from "./log-lines.ts";
import classes from "./log-view.module.css";

const LINE_HEIGHT = 18;

/** Lines of a log, however many: only those in view are in the page. */
export function LogView(props: {
  name: string;
  lines: readonly LogLine[];
  /** Stay at the newest line. */
  follow: boolean;
  /** The person scrolled up to read. */
  onUnfollow: () => void;
  empty: string;
}) {
  const { lines, follow } = props;
  const scroller = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE_HEIGHT,
    overscan: 20,
  });
  useEffect(() => {
    if (follow && lines.length > 0) virtualizer.scrollToIndex(lines.length - 1, { align: "end" });
  }, [follow, lines.length, virtualizer]);
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
          return (
            <div
              key={line.number}
              className={classes.line}
              data-level={line.level}
              style={{ transform: `translateY(${start}px)` }}
            >
              {line.text}
            </div>
          );
        })}
      </div>
    </section>
  );
}
