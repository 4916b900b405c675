import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import type { IdeaCard, IdeaQuery } from "../../../../contract/idea-list.ts";
import { fixed } from "../../../parts/format.ts";
import { useGradually } from "../../../parts/use-gradually.ts";
import classes from "./all-ideas.module.css";
import { addressOf, LastRun, Standing } from "./idea-facts.tsx";
import { IdeaMenu } from "./idea-menu.tsx";
import { useIdeaView } from "./idea-view.ts";
import { MarkBox } from "./mark-box.tsx";
import { Sparkline } from "./sparkline.tsx";
import type { IdeaPages } from "./use-idea-pages.ts";

const ROW_HEIGHT = 33;
const ROWS_A_FRAME = 6;

type SortKey = IdeaQuery["sort"]["by"];

const COLUMNS: readonly { title: string; sort?: SortKey; right?: boolean }[] = [
  { title: "Name", sort: "name" },
  { title: "Verdict", sort: "verdict" },
  { title: "Rank IC", sort: "rank_ic", right: true },
  { title: "Net Sharpe", sort: "sharpe_net", right: true },
  { title: "Equity" },
  { title: "Data set", sort: "data" },
  { title: "Tags" },
  { title: "Last run", sort: "activity" },
];

/** The same ideas as lines. Sorting is the core's work: it knows them all, the window a page. */
export function IdeasTable({ pages, total }: { pages: IdeaPages; total: number }) {
  const scroller = useRef<HTMLElement>(null);
  const { marked, toggle } = useIdeaView();
  const marks = useMemo(() => new Set(marked.map(({ id }) => id)), [marked]);
  const virtualizer = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 10,
  });
  const wanted = virtualizer.getVirtualItems();
  const rows = useGradually(wanted, ROWS_A_FRAME);
  const first = wanted[0]?.index ?? 0;
  const last = wanted.at(-1)?.index ?? 0;
  const { look } = pages;
  useEffect(() => look(first, last), [look, first, last]);
  return (
    <section
      ref={scroller}
      className={`${classes.scroller} ${classes.framed}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={`Ideas, ${total}`}
    >
      <table className={classes.table} aria-rowcount={total}>
        <thead>
          <tr>
            <th aria-label="Marked" />
            {COLUMNS.map((column) => (
              <SortedHead key={column.title} {...column} />
            ))}
            <th aria-label="Actions" />
          </tr>
        </thead>
        <tbody style={{ height: virtualizer.getTotalSize() }}>
          {rows.map(({ index, start }) => {
            const idea = pages.at(index);
            return idea ? (
              <Row
                key={idea.id}
                top={start}
                idea={idea}
                isMarked={marks.has(idea.id)}
                onMark={toggle}
              />
            ) : (
              <tr key={index} style={{ top: start, height: ROW_HEIGHT }}>
                <td colSpan={COLUMNS.length + 2} className={classes.coming}>
                  …
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function SortedHead(props: { title: string; sort?: SortKey; right?: boolean }) {
  const { sort } = useIdeaView(({ choice }) => choice);
  const choose = useIdeaView((view) => view.choose);
  const { sort: by } = props;
  const isSorted = by !== undefined && by === sort.by;
  const order = !isSorted ? "none" : sort.descending ? "descending" : "ascending";
  const turn = () => {
    if (!by) return;
    const descending = isSorted ? !sort.descending : by !== "name" && by !== "data";
    choose({ sort: { by, descending } });
  };
  return (
    <th data-right={props.right} aria-sort={by && order}>
      {by ? (
        <button type="button" onClick={turn}>
          {props.title}
          <span aria-hidden>{isSorted ? (sort.descending ? " ↓" : " ↑") : ""}</span>
        </button>
      ) : (
        props.title
      )}
    </th>
  );
}

const Row = memo(function Row(props: {
  /** Pixels from the first row's top. */
  top: number;
  idea: IdeaCard;
  isMarked: boolean;
  onMark: (idea: IdeaCard) => void;
}): ReactNode {
  const { idea } = props;
  return (
    <tr style={{ top: props.top, height: ROW_HEIGHT }} data-marked={props.isMarked || undefined}>
      <td>
        <MarkBox idea={idea} isMarked={props.isMarked} onMark={props.onMark} />
      </td>
      <td>
        <a href={addressOf(idea)} title={idea.name} dir="auto">
          {idea.name}
        </a>
      </td>
      <td>
        <Standing idea={idea} />
      </td>
      <td data-right>{fixed(idea.judged?.rank_ic)}</td>
      <td data-right>{fixed(idea.judged?.sharpe_net, 2)}</td>
      <td>
        <Sparkline equity={idea.equity} />
      </td>
      <td>{idea.data}</td>
      <td dir="auto">{idea.tags.join(", ")}</td>
      <td>
        <LastRun idea={idea} />
      </td>
      <td>
        <IdeaMenu idea={idea} />
      </td>
    </tr>
  );
});
