import { create } from "zustand";
import { persist } from "zustand/middleware";

/** Where a document came from. */
export type Origin =
  | { from: "template"; template: string }
  | { from: "idea"; idea: string }
  | { from: "file"; file: string };

/** A document that is being written and has not been tested yet. */
export type Draft = {
  origin: Origin;
  yaml: string;
  /** As it was before anybody changed it. */
  original: string;
};

type Drafts = {
  drafts: Record<string, Draft>;
  put: (key: string, draft: Draft) => void;
  clear: (key: string) => void;
};

/** Drafts outlive a reload of the window. */
export const useDrafts = create<Drafts>()(
  persist(
    (set) => ({
      drafts: {},
      put: (key, draft) => set(({ drafts }) => ({ drafts: { ...drafts, [key]: draft } })),
      clear: (key) =>
        set(({ drafts }) => {
          const { [key]: _gone, ...left } = drafts;
          return { drafts: left };
        }),
    }),
    { name: "breadthflow-drafts", version: 1 },
  ),
);

/** In each workspace there is one draft of a new idea, and one of each idea that is edited. */
export function draftKey(workspace: string, idea: string | null): string {
  return `${workspace}\n${idea ?? ""}`;
}

export function isEdited(draft: Draft): boolean {
  return draft.origin.from === "file" || draft.yaml !== draft.original;
}
