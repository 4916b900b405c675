import { create } from "zustand";
import type { DataSetName } from "../../contract/ids.ts";

type Importing = {
  isOpen: boolean;
  /** The data set that is added to; null: a new one, or any. */
  into: DataSetName | null;
  /** Files that were dropped and are still to be taken over. */
  dropped: readonly File[];
  open: (into: DataSetName | null, files?: readonly File[]) => void;
  taken: () => void;
  close: () => void;
};

/** The one dialog that imports bars, wherever in the window it is asked for. */
export const useImporting = create<Importing>((set) => ({
  isOpen: false,
  into: null,
  dropped: [],
  open: (into, files = []) => set({ isOpen: true, into, dropped: files }),
  taken: () => set({ dropped: [] }),
  close: () => set({ isOpen: false, dropped: [] }),
}));
