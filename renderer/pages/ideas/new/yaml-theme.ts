import { HighlightStyle } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The editor in the window's own colours, which follow its theme by themselves. */
export const editorTheme = EditorView.theme({
  "&": { color: "var(--bf-ink)", backgroundColor: "transparent", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mantine-font-family-monospace)",
    lineHeight: "1.5",
    overflow: "auto",
  },
  ".cm-content": { caretColor: "var(--bf-ink)", padding: "4px 0" },
  ".cm-cursor": { borderLeftColor: "var(--bf-ink)" },
  ".cm-gutters": {
    backgroundColor: "transparent",
    color: "var(--bf-dim)",
    border: "0",
  },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    { backgroundColor: "color-mix(in srgb, var(--bf-accent) 28%, transparent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--bf-raised)",
    border: "1px solid var(--bf-line)",
    color: "var(--bf-ink)",
  },
  ".cm-lintRange-error": {
    backgroundImage: "none",
    borderBottom: "1px dashed var(--bf-bad)",
  },
});

export const highlighting = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--bf-accent)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--bf-warn)" },
  { tag: [tags.string, tags.content, tags.attributeValue], color: "var(--bf-ink)" },
  { tag: tags.comment, color: "var(--bf-dim)", fontStyle: "italic" },
  { tag: [tags.punctuation, tags.separator, tags.squareBracket], color: "var(--bf-muted)" },
]);
