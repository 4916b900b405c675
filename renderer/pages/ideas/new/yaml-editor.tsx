import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { yaml as yamlLanguage } from "@codemirror/lang-yaml";
import { syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { Fault } from "../../../../contract/idea-document.ts";
import { changeBetween } from "./text-change.ts";
import { editorTheme, highlighting } from "./yaml-theme.ts";

/** What the form wrote into the editor, which must not come back as if somebody had typed it. */
const fromForm = Annotation.define<boolean>();

/** The document as text. Tab moves on to what comes next, as everywhere in the window. */
export default function YamlEditor(props: {
  yaml: string;
  faults: readonly Fault[];
  onChange: (yaml: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const first = useRef(props.yaml);
  const onChange = useRef(props.onChange);
  useEffect(() => {
    onChange.current = props.onChange;
  });

  useEffect(() => {
    if (!place.current) return;
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          lintGutter(),
          yamlLanguage(),
          syntaxHighlighting(highlighting),
          EditorView.lineWrapping,
          EditorState.tabSize.of(2),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ "aria-label": "The idea as YAML" }),
          editorTheme,
          EditorView.updateListener.of((update) => {
            const typed = !update.transactions.some((one) => one.annotation(fromForm));
            if (update.docChanged && typed) onChange.current(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, []);

  useEffect(() => {
    const editor = view.current;
    const change = editor && changeBetween(editor.state.doc.toString(), props.yaml);
    if (change) editor.dispatch({ changes: change, annotations: fromForm.of(true) });
  }, [props.yaml]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const marks = props.faults.map((fault) => diagnostic(editor.state, fault));
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [props.faults]);

  return <div ref={place} />;
}

function diagnostic({ doc }: EditorState, { path, message, line }: Fault): Diagnostic {
  const { from, to, text } = doc.line(Math.min(Math.max(line ?? 1, 1), doc.lines));
  return {
    from: from + (text.length - text.trimStart().length),
    to,
    severity: "error",
    message: `${path.join(".") || "This"} ${message}.`,
  };
}
