import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";
import type { IdeaCard, IdeaQuery } from "../../../../contract/idea-list.ts";
import { fixed } from "../../../parts/format.ts";
import classes from "./all-ideas.module.css";
import { LastRun, Standing } from "./idea-facts.tsx";
import { IdeaMenu } from "./idea-menu.tsx";
import { useIdeaView } from "./idea-view.ts";
import { MarkBox } from "./mark-box.tsx";
import { Sparkline } from "./sparkline.tsx";
import type { IdeaPages } from "./use-idea-pages.ts";

const ROW_HEIGHT = 33;

type SortKey = IdeaQuery["sort"]["by"];

const COLUMNS: readonly { title: string; sort?: SortKey; width: string; right?: boolean }[] = [
  { title: "Name", sort: "name", width: "30%" },
  { title: "Verdict", sort: "verdict", width: "84px" },
  { title: "Rank IC", sort: "rank_ic", width: "76px", right: true },
  { title: "Net Sharpe", sort: "sharpe_net", width: "92px", right: true },
  { title: "Equity", width: "110px" },
  { title: "Data set", sort: "data", width: "12%" },
  { title: "Tags", width: "18%" },
  { title: "Last run", sort: "activity", width: "190px" },
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
  const rows = virtualizer.getVirtualItems();
  const first = rows[0]?.index ?? 0;
  const last = rows.at(-1)?.index ?? 0;
  const { look } = pages;
  useEffect(() => look(first, last), [look, first, last]);
  const above = rows[0]?.start ?? 0;
  const below = virtualizer.getTotalSize() - (rows.at(-1)?.end ?? 0);
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
            <th style={{ width: 34 }} aria-label="Marked" />
            {COLUMNS.map((column) => (
              <SortedHead key={column.title} {...column} />
            ))}
            <th style={{ width: 44 }} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden style={{ height: above }} />}
          {rows.map(({ index }) => {
            const idea = pages.at(index);
            return idea ? (
              <Row key={idea.id} idea={idea} isMarked={marks.has(idea.id)} onMark={toggle} />
            ) : (
              <tr key={index} style={{ height: ROW_HEIGHT }}>
                <td colSpan={COLUMNS.length + 2} className={classes.coming}>
                  …
                </td>
              </tr>
            );
          })}
          {below > 0 && <tr aria-hidden style={{ height: below }} />}
        </tbody>
      </table>
    </section>
  );
}

function SortedHead(props: { title: string; sort?: SortKey; width: string; right?: boolean }) {
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
    <th style={{ width: props.width }} data-right={props.right} aria-sort={by && order}>
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
  idea: IdeaCard;
  isMarked: boolean;
  onMark: (idea: IdeaCard) => void;
}): ReactNode {
  const { idea } = props;
  return (
    <tr style={{ height: ROW_HEIGHT }} data-marked={props.isMarked || undefined}>
      <td>
        <MarkBox idea={idea} isMarked={props.isMarked} onMark={props.onMark} />
      </td>
      <td>
        <Link href={`/${idea.id}`} title={idea.name}>
          <bdi>{idea.name}</bdi>
        </Link>
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
      <td>
        <bdi>{idea.tags.join(", ")}</bdi>
      </td>
      <td>
        <LastRun idea={idea} />
      </td>
      <td>
        <IdeaMenu idea={idea} />
      </td>
    </tr>
  );
});
