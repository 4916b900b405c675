import { Button, Tooltip } from "@mantine/core";
import { useLocation } from "wouter";
import { useOffers } from "../../../state/offers.ts";
import { MOST_COMPARED } from "../compare/limits.ts";
import classes from "./all-ideas.module.css";
import { useIdeaView } from "./idea-view.ts";
import { useIdeaActions } from "./use-idea-actions.tsx";

/** What can be done with the ideas that are marked. */
export function MarkedBar() {
  const { marked, unmark, choice } = useIdeaView();
  const [, navigate] = useLocation();
  const { archive } = useIdeaActions();
  const runs = marked.flatMap(({ run }) => (run ? [run] : []));
  const hint =
    runs.length < 2
      ? "Mark two or more ideas that have a verdict"
      : runs.length > MOST_COMPARED
        ? `At most ${MOST_COMPARED} ideas can be read side by side`
        : `Compare the newest verdicts of ${runs.length} ideas`;
  const canCompare = runs.length >= 2 && runs.length <= MOST_COMPARED;
  const compare = () => navigate(`/compare/${runs.join(",")}`);
  const putAway = () => {
    archive(marked, !choice.archived);
    unmark();
  };
  const away = choice.archived ? "Bring back" : "Archive";
  const some = marked.length > 0;
  useOffers([
    canCompare && { id: "compare", label: `Compare ${runs.length} marked ideas`, act: compare },
    some && { id: "archive", label: `${away} ${marked.length} marked`, act: putAway },
  ]);
  if (!some) return null;
  return (
    <section className={classes.marked} aria-label="Marked ideas">
      <b>{marked.length} marked</b>
      <Tooltip label={hint}>
        <Button
          aria-description={hint}
          {...(canCompare ? {} : { "aria-disabled": true, "data-disabled": true })}
          onClick={() => canCompare && compare()}
        >
          Compare
        </Button>
      </Tooltip>
      <Button variant="default" onClick={putAway}>
        {away}
      </Button>
      <Button variant="subtle" color="gray" onClick={unmark}>
        Unmark all
      </Button>
    </section>
  );
}
