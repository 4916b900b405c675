import type { IdeaCard } from "../../../../contract/idea-list.ts";
import classes from "./mark-box.module.css";

/** The browser's own box: it stands in each of thousands of lines, and must cost nothing there. */
export function MarkBox(props: {
  idea: IdeaCard;
  isMarked: boolean;
  onMark: (idea: IdeaCard) => void;
}) {
  const { idea } = props;
  return (
    <input
      type="checkbox"
      className={classes.box}
      checked={props.isMarked}
      onChange={() => props.onMark(idea)}
      aria-label={`Mark ${idea.name}`}
    />
  );
}
