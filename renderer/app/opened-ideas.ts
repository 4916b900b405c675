import { useEffect, useEffectEvent } from "react";
import { useImport } from "../pages/ideas/all/use-import.ts";

/** Takes in the idea files that were double-clicked, or named when the program was started. */
export function useOpenedIdeas(): void {
  const takeIn = useEffectEvent(useImport());
  useEffect(
    () =>
      window.breadthflow?.onMessage((message) => {
        if (message.type === "idea") void takeIn([new File([message.yaml], message.file)]);
      }),
    [],
  );
}
