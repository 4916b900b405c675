import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { IdeaCard, IdeaQuery } from "../../../../contract/idea-list.ts";

/** What the list is narrowed to and sorted by. */
export type Choice = Omit<IdeaQuery, "offset" | "limit">;

/** An idea that was marked, with the run that would be compared. */
export type Marked = Pick<IdeaCard, "id" | "name"> & { run: string | null };

export const EVERYTHING: Choice = {
  text: "",
  verdicts: [],
  tags: [],
  data: [],
  archived: false,
  sort: { by: "activity", descending: true },
};

type IdeaView = {
  shape: "cards" | "table";
  choice: Choice;
  marked: readonly Marked[];
  showAs: (shape: IdeaView["shape"]) => void;
  choose: (part: Partial<Choice>) => void;
  toggle: (idea: IdeaCard) => void;
  unmark: () => void;
};

/** How this window looks at the ideas. The shape is remembered; choices last as long as the window. */
export const useIdeaView = create<IdeaView>()(
  persist(
    (set) => ({
      shape: "cards",
      choice: EVERYTHING,
      marked: [],
      showAs: (shape) => set({ shape }),
      choose: (part) => set(({ choice }) => ({ choice: { ...choice, ...part } })),
      toggle: ({ id, name, judged }) =>
        set(({ marked }) => ({
          marked: marked.some((one) => one.id === id)
            ? marked.filter((one) => one.id !== id)
            : [...marked, { id, name, run: judged?.run ?? null }],
        })),
      unmark: () => set({ marked: [] }),
    }),
    { name: "breadthflow-ideas", version: 1, partialize: ({ shape }) => ({ shape }) },
  ),
);

/** Something is left out because of what was chosen. */
export function isNarrowed({ text, verdicts, tags, data }: Choice): boolean {
  return text !== "" || verdicts.length + tags.length + data.length > 0;
}
