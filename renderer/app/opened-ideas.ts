import { useEffect, useEffectEvent } from "react";
import { useImport } from "../pages/ideas/all/use-import.ts";

/**
 * Takes in the idea files that were double-clicked, or named when the program was started. Those
 * that were opened before the page listened are handed over when it says that it does.
 */
export function useOpenedIdeas(): void {
  const takeIn = useEffectEvent(useImport());
  useEffect(() => {
    const bridge = window.breadthflow;
    if (!bridge) return;
    const leave = bridge.onMessage((message) => {
      if (message.type === "idea") void takeIn([new File([message.yaml], message.file)]);
    });
    bridge.send({ type: "ready" });
    return leave;
  }, []);
}
