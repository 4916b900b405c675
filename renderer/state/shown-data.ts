import { useEffect } from "react";
import { create } from "zustand";
import type { DataSetName } from "../../contract/ids.ts";

/** The data set that the screen is about, for what stands around every screen. */
export const useShownData = create<{ name: DataSetName | null }>(() => ({ name: null }));

/** Says which data set the screen is about, as long as it is shown. */
export function useShowsData(name: DataSetName): void {
  useEffect(() => {
    useShownData.setState({ name });
    return () => useShownData.setState({ name: null });
  }, [name]);
}
