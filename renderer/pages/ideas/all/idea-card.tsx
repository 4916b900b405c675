import { memo } from "react";
import type { IdeaCard as Card } from "../../../../contract/idea-list.ts";
import { fixed } from "../../../parts/format.ts";
import classes from "./idea-card.module.css";
import { aboutOf, addressOf, LastRun, Standing } from "./idea-facts.tsx";
import { IdeaMenu } from "./idea-menu.tsx";
import { MarkBox } from "./mark-box.tsx";
import { Sparkline } from "./sparkline.tsx";

/** An idea at a glance. */
export const IdeaCard = memo(function IdeaCard(props: {
  idea: Card;
  isMarked: boolean;
  onMark: (idea: Card) => void;
}) {
  const { idea } = props;
  return (
    <article
      className={classes.card}
      aria-label={idea.name}
      data-marked={props.isMarked || undefined}
    >
      <header className={classes.head}>
        <MarkBox idea={idea} isMarked={props.isMarked} onMark={props.onMark} />
        <a href={addressOf(idea)} className={classes.name} title={idea.name} dir="auto">
          {idea.name}
        </a>
        <IdeaMenu idea={idea} />
      </header>
      <p className={classes.about} title={idea.description}>
        {aboutOf(idea)}
      </p>
      <div className={classes.result}>
        <div>
          <Standing idea={idea} />
          <div className={classes.scores}>
            <span title="Mean daily rank IC out of fold">
              IC <b>{fixed(idea.judged?.rank_ic)}</b>
            </span>
            <span title="Sharpe ratio net of costs">
              Sharpe <b>{fixed(idea.judged?.sharpe_net, 2)}</b>
            </span>
          </div>
        </div>
        <Sparkline equity={idea.equity} />
      </div>
      <footer className={classes.foot}>
        <ul className={classes.tags} aria-label="Tags">
          {idea.tags.map((tag) => (
            <li key={tag} dir="auto">
              {tag}
            </li>
          ))}
        </ul>
        <LastRun idea={idea} />
      </footer>
    </article>
  );
});
