import { create } from "zustand";

type Connection = {
  /**
   * `connecting` until the first answer; from then on `lost` whenever the core is out of reach, and
   * `refused` where it answers but does not know this window.
   */
  state: "connecting" | "open" | "lost" | "refused";
  become: (state: Connection["state"]) => void;
};

export const useConnection = create<Connection>((set) => ({
  state: "connecting",
  become: (state) => set({ state }),
}));
