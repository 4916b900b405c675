import { useElementSize } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useGradually } from "../../../parts/use-gradually.ts";
import classes from "./all-ideas.module.css";
import { IdeaCard } from "./idea-card.tsx";
import { useIdeaView } from "./idea-view.ts";
import type { IdeaPages } from "./use-idea-pages.ts";

const CARD_WIDTH = 300;
const CARD_HEIGHT = 142;
const GAP = 12;
const LINES_A_FRAME = 2;

/** Cards in as many columns as fit; only the rows in view are in the page. */
export function IdeaCards({ pages, total }: { pages: IdeaPages; total: number }) {
  const scroller = useRef<HTMLElement>(null);
  const { ref, width } = useElementSize();
  const { marked, toggle } = useIdeaView();
  const marks = useMemo(() => new Set(marked.map(({ id }) => id)), [marked]);
  const columns = Math.max(1, Math.floor((width + GAP) / (CARD_WIDTH + GAP)));
  const virtualizer = useVirtualizer({
    count: Math.ceil(total / columns),
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT + GAP,
    overscan: 3,
  });
  const wanted = virtualizer.getVirtualItems();
  const lines = useGradually(wanted, LINES_A_FRAME);
  const first = (wanted[0]?.index ?? 0) * columns;
  const last = ((wanted.at(-1)?.index ?? 0) + 1) * columns - 1;
  const { look } = pages;
  useEffect(() => look(first, last), [look, first, last]);
  return (
    <section
      ref={scroller}
      className={classes.scroller}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Ideas, ${total}`}
    >
      <div ref={ref} style={{ height: virtualizer.getTotalSize(), position: "relative" }}>
        {lines.map(({ index, start }) => (
          <div
            key={index}
            className={classes.line}
            style={{
              height: CARD_HEIGHT,
              transform: `translateY(${start}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
            }}
          >
            {Array.from({ length: Math.min(columns, total - index * columns) }, (_, column) => {
              const position = index * columns + column;
              const idea = pages.at(position);
              return idea ? (
                <IdeaCard key={idea.id} idea={idea} isMarked={marks.has(idea.id)} onMark={toggle} />
              ) : (
                <div key={position} className={classes.awaited} />
              );
            })}
          </div>
        ))}
      </div>
    </section>
  );
}
