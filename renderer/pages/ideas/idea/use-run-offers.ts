import type { RunOverview } from "../../../../contract/run.ts";
import { useOffers } from "../../../state/offers.ts";
import { useIdeaActions } from "../all/use-idea-actions.tsx";
import type { Deploying } from "./use-deploy.ts";
import type { RunActions } from "./use-run-actions.ts";

/** What the palette can do with the run that is shown. */
export function useRunOffers(
  { state, idea, model, verdict }: RunOverview,
  act: RunActions & { deploying: Deploying; deploy: () => void },
): void {
  const { duplicate, archive, exportYaml } = useIdeaActions();
  const running = state === "running";
  const isDeployable = model !== null && act.deploying.state === "none";
  useOffers([
    !running && { id: "test", label: "Test", note: idea.name, act: act.test },
    isDeployable && { id: "deploy", label: "Deploy", note: idea.name, act: act.deploy },
    running && { id: "cancel", label: "Cancel the run", act: act.cancel },
    !running && state !== "done" && { id: "resume", label: "Resume the run", act: act.resume },
    { id: "edit", label: "Edit the idea", act: act.edit },
    !running && { id: "report", label: "Save the report", act: act.saveReport },
    verdict && { id: "compare", label: "Compare with another idea", act: act.compare },
    { id: "duplicate", label: "Duplicate the idea", act: () => duplicate(idea) },
    { id: "archive", label: "Archive the idea", act: () => archive([idea], true) },
    { id: "export", label: "Export the idea as YAML", act: () => exportYaml(idea) },
  ]);
}
