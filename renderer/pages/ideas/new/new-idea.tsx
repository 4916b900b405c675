import { useQuery } from "@tanstack/react-query";
import type { Suggestion } from "../../../../contract/idea-list.ts";
import { IdeaId } from "../../../../contract/ids.ts";
import { trpc } from "../../../app/api.ts";
import { Asked } from "../../../parts/asked.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { type Draft, draftKey, isEdited, useDrafts } from "./draft.ts";
import { IdeaEditor } from "./idea-editor.tsx";

/** Writes a new idea, or changes one that is there. */
export default function NewIdea({ edited }: { edited: string | null }) {
  return edited === null ? <FromTemplate /> : <FromIdea idea={edited} />;
}

function FromTemplate() {
  const ground = useQuery(trpc.ideas.suggestions.queryOptions());
  return (
    <Asked query={ground} for="the templates">
      {({ suggestions: [first] }) =>
        first ? (
          <Started edited={null} fresh={draftOf(first)} />
        ) : (
          <Empty>No template is there.</Empty>
        )
      }
    </Asked>
  );
}

function FromIdea({ idea }: { idea: string }) {
  const id = IdeaId.safeParse(idea);
  const document = useQuery(
    trpc.ideas.yaml.queryOptions(
      { idea: id.data ?? IdeaId.parse("none") },
      { enabled: id.success },
    ),
  );
  if (!id.success) return <Empty>The address names no idea.</Empty>;
  return (
    <Asked query={document} for="the idea">
      {({ yaml }) => (
        <Started edited={idea} fresh={{ origin: { from: "idea", idea }, yaml, original: yaml }} />
      )}
    </Asked>
  );
}

function Started({ edited, fresh }: { edited: string | null; fresh: Draft }) {
  const ground = useQuery(trpc.ideas.suggestions.queryOptions());
  const status = useQuery(trpc.system.status.queryOptions());
  const key = draftKey(status.data?.workspace ?? "", edited);
  const kept = useDrafts(({ drafts }) => drafts[key]);
  return (
    <Asked query={status} for="the workspace">
      {() => (
        <Asked query={ground} for="the templates">
          {({ suggestions, data, policies, schema }) => (
            <IdeaEditor
              key={key}
              draftKey={key}
              draft={draftNow(kept, fresh, suggestions)}
              edited={edited}
              suggestions={suggestions}
              dataSets={data}
              policies={policies}
              schema={schema}
            />
          )}
        </Asked>
      )}
    </Asked>
  );
}

/** What somebody has written stays; a template that was only chosen is filled in anew. */
function draftNow(kept: Draft | undefined, fresh: Draft, suggestions: Suggestion[]): Draft {
  if (!kept) return fresh;
  if (isEdited(kept)) return kept;
  const { origin } = kept;
  const chosen =
    origin.from === "template" && suggestions.find(({ template }) => template === origin.template);
  return chosen ? draftOf(chosen) : fresh;
}

function draftOf({ template, yaml }: Suggestion): Draft {
  return { origin: { from: "template", template }, yaml, original: yaml };
}
