import { Radio, Text } from "@mantine/core";
import type { Suggestion } from "../../../../contract/idea-list.ts";
import classes from "./gallery.module.css";

/** The templates, of which the best-fitting one is the first. */
export function Gallery(props: {
  suggestions: readonly Suggestion[];
  chosen: string | null;
  onChoose: (suggestion: Suggestion) => void;
}) {
  const { suggestions, chosen, onChoose } = props;
  const choose = (template: string) => {
    const suggestion = suggestions.find((one) => one.template === template);
    if (suggestion) onChoose(suggestion);
  };
  return (
    <Radio.Group value={chosen} onChange={choose} aria-label="Template to begin with">
      <div className={classes.gallery}>
        {suggestions.map((suggestion, position) => (
          <Radio.Card
            key={suggestion.template}
            value={suggestion.template}
            className={classes.card}
            aria-label={suggestion.name}
          >
            <span className={classes.head}>
              <b>{suggestion.name}</b>
              {position === 0 && !suggestion.unfit && <small>fits best</small>}
            </span>
            <Text size="xs" c={suggestion.unfit ? "var(--bf-warn)" : "dimmed"} lineClamp={2}>
              {suggestion.unfit ?? suggestion.description}
            </Text>
          </Radio.Card>
        ))}
      </div>
    </Radio.Group>
  );
}
