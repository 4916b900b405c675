import { create } from "zustand";

type Connection = {
  /** `connecting` until the first answer; `lost` from then on whenever the core is out of reach. */
  state: "connecting" | "open" | "lost";
  opened: () => void;
  closed: () => void;
};

export const useConnection = create<Connection>((set) => ({
  state: "connecting",
  opened: () => set({ state: "open" }),
  closed: () => set({ state: "lost" }),
}));
