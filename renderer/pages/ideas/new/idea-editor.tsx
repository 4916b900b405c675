import { Button, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { Suspense, useMemo } from "react";
import { Link, useLocation } from "wouter";
import { type Fault, valueAt } from "../../../../contract/idea-document.ts";
import type { Suggestion } from "../../../../contract/idea-list.ts";
import { trpc } from "../../../app/api.ts";
import { problemIn } from "../../../app/problems.ts";
import { lazyPart } from "../../../parts/lazy-part.tsx";
import { Panel } from "../../../parts/panel.tsx";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { ThreeClicks } from "../../../parts/three-clicks.tsx";
import { Waiting } from "../../../parts/waiting.tsx";
import { useOffers } from "../../../state/offers.ts";
import { type Path, withField } from "./document-edit.ts";
import { type Draft, isEdited, useDrafts } from "./draft.ts";
import { sectionsOf } from "./fields.ts";
import { Gallery } from "./gallery.tsx";
import classes from "./idea-editor.module.css";
import { IdeaForm } from "./idea-form.tsx";
import { useReading } from "./use-reading.ts";

const YamlEditor = lazyPart(() => import("./yaml-editor.tsx"));

/** The form and the text of one document: both show the same draft, and either may change it. */
export function IdeaEditor(props: {
  draftKey: string;
  draft: Draft;
  /** The idea that is changed; null: a new one is made. */
  edited: string | null;
  suggestions: readonly Suggestion[];
  dataSets: readonly string[];
  policies: readonly string[];
  schema: object;
}) {
  const { draftKey, draft, edited, suggestions, dataSets, policies, schema } = props;
  const { put, clear } = useDrafts();
  const [, navigate] = useLocation();
  const { value, idea, faults } = useReading(draft.yaml, { dataSets, edited });
  const sections = useMemo(() => sectionsOf(schema), [schema]);
  const test = useMutation(
    trpc.runs.start.mutationOptions({
      // The problem is shown on the screen itself.
      onError: () => undefined,
      onSuccess: ({ run }) => {
        clear(draftKey);
        navigate(`/${idea?.id}/runs/${run}`);
      },
    }),
  );
  const change = (yaml: string) => put(draftKey, { ...draft, yaml });
  const changeField = (path: Path, next: unknown) => change(withField(draft.yaml, path, next));
  const choose = (suggestion: Suggestion) => {
    const { template, yaml } = suggestion;
    put(draftKey, { origin: { from: "template", template }, yaml, original: yaml });
    if (isEdited(draft)) offerBack("The template replaced your draft.", () => put(draftKey, draft));
  };
  const startOver = () => {
    clear(draftKey);
    offerBack("The draft was put away.", () => put(draftKey, draft));
  };
  const name = valueAt(value, ["name"]);
  const reason = reasonOf(faults);
  const start = () => test.mutate({ yaml: draft.yaml, file: `${idea?.id}.idea.yaml` });
  useOffers([!reason && !test.isPending && { id: "test", label: "Test", act: start }]);
  return (
    <>
      <ScreenTitle
        title={edited ? `Edit ${typeof name === "string" && name ? name : edited}` : "New idea"}
        path={<Link href="/">Ideas</Link>}
      >
        {isEdited(draft) && (
          <Button variant="subtle" color="gray" onClick={startOver}>
            {edited ? "Undo all changes" : "Start over"}
          </Button>
        )}
        <ThreeClicks
          idea={{ state: "done", hint: "You are writing it", onClick: startOver }}
          test={
            test.isPending
              ? { state: "busy", hint: "The test begins" }
              : reason
                ? { state: "next", hint: reason }
                : {
                    state: "current",
                    hint: `Run this idea on the data set ${idea?.universe.data}`,
                    onClick: start,
                  }
          }
          deploy={{ state: "next", hint: "First the idea must be tested" }}
        />
      </ScreenTitle>
      {test.isError && <ProblemNote problem={problemIn(test.error)} />}
      {!edited && (
        <Gallery
          suggestions={suggestions}
          chosen={draft.origin.from === "template" ? draft.origin.template : null}
          onChoose={choose}
        />
      )}
      <div className={classes.sides}>
        {value === undefined ? (
          <Panel title="Form">
            <Text size="sm" c="dimmed">
              The text {faults[0]?.message}
              {faults[0]?.line ? ` (line ${faults[0].line})` : ""}. Mend it, and the form is here
              again.
            </Text>
          </Panel>
        ) : (
          <IdeaForm
            sections={sections}
            value={value}
            faults={faults}
            dataSets={dataSets}
            policies={policies}
            onChange={changeField}
          />
        )}
        <div className={classes.text}>
          <Panel title="YAML" note={<Standing faults={faults} />}>
            <div className={classes.editor}>
              <Suspense fallback={<Waiting for="the editor" />}>
                <YamlEditor yaml={draft.yaml} faults={faults} onChange={change} />
              </Suspense>
            </div>
          </Panel>
        </div>
      </div>
    </>
  );
}

function Standing({ faults }: { faults: readonly Fault[] }) {
  if (faults.length === 0) return <span className={classes.good}>valid</span>;
  return (
    <span className={classes.bad} role="status">
      {reasonOf(faults)}
    </span>
  );
}

/** Why the document cannot be tested: its first fault, and how many more there are. */
function reasonOf(faults: readonly Fault[]): string | null {
  const [first] = faults;
  if (!first) return null;
  const place = first.line === null ? "" : `Line ${first.line}: `;
  const more = faults.length > 1 ? `, and ${faults.length - 1} more` : "";
  return `${place}${first.path.join(".") || "the text"} ${first.message}${more}.`;
}

function offerBack(message: string, back: () => void): void {
  const id = notifications.show({
    autoClose: 10_000,
    message: (
      <>
        {message}{" "}
        <Button
          size="compact-xs"
          variant="light"
          onClick={() => {
            back();
            notifications.hide(id);
          }}
        >
          Undo
        </Button>
      </>
    ),
  });
}
