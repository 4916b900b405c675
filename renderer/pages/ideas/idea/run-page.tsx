import { useState } from "react";
import { useLocation } from "wouter";
import type { RunOverview } from "../../../../contract/run.ts";
import type { StepName } from "../../../../contract/step.ts";
import { ProblemNote } from "../../../parts/problem-note.tsx";
import { ScreenTitle } from "../../../parts/screen-title.tsx";
import { useShowsData } from "../../../state/shown-data.ts";
import { AgainstVerdict } from "./against-verdict.tsx";
import { RunBanner } from "./run-banner.tsx";
import { RunChips } from "./run-chips.tsx";
import { RunChoice } from "./run-choice.tsx";
import { RunClicks } from "./run-clicks.tsx";
import { isTabName, RunTabs, type TabName } from "./run-tabs.tsx";
import { EditedSince, RunTools } from "./run-tools.tsx";
import { StepDetails } from "./step-details.tsx";
import { StepStrip } from "./step-strip.tsx";
import { useDeploy } from "./use-deploy.ts";
import { useLiveRun } from "./use-live-run.ts";
import { useRunActions } from "./use-run-actions.ts";
import { useRunOffers } from "./use-run-offers.ts";

/**
 * One run of an idea, from its first step to its deployment.
 *
 * @param props.base where the screen is without the name of its tab
 */
export function RunPage(props: { overview: RunOverview; base: string; tab: string | undefined }) {
  const { overview, base, tab } = props;
  const [, navigate] = useLocation();
  const [opened, setOpened] = useState<StepName | null>(null);
  const [asksForReason, setAsksForReason] = useState(false);
  const running = overview.state === "running";
  useShowsData(overview.idea.universe.data);
  const live = useLiveRun(overview.run, running);
  const deploying = useDeploy(overview);
  const actions = useRunActions(overview);
  const show = (name: TabName) => navigate(`${base}/${name}`, { replace: true });
  const deploy = (reason?: string) => {
    deploying.deploy(reason);
    show("deployment");
  };
  const askToDeploy = () => (overview.verdict === "deploy" ? deploy() : setAsksForReason(true));
  useRunOffers(overview, { ...actions, deploying, deploy: askToDeploy });
  const failed = overview.steps.find(({ state }) => state === "failed");
  return (
    <>
      <ScreenTitle title={overview.idea.name} path={<RunChoice overview={overview} />}>
        <RunTools overview={overview} actions={actions} />
        <RunClicks
          overview={overview}
          deploying={deploying}
          onTest={actions.test}
          onDeploy={askToDeploy}
          onShowDeployment={() => show("deployment")}
        />
      </ScreenTitle>
      <RunChips overview={overview} />
      {overview.edited_since && <EditedSince onEdit={actions.edit} />}
      <StepStrip overview={overview} live={live} onOpen={setOpened} />
      {deploying.problem && <ProblemNote problem={deploying.problem} />}
      <RunBanner
        overview={overview}
        live={live}
        isCancelling={actions.isCancelling}
        onWhy={() => show("verdict")}
        onCancel={actions.cancel}
        onResume={actions.resume}
        onShowLog={() => setOpened(failed?.name ?? null)}
      />
      <RunTabs
        overview={overview}
        live={live}
        deploying={deploying}
        shown={isTabName(tab) ? tab : null}
        onShow={show}
      />
      <StepDetails
        overview={overview}
        step={opened}
        seq={live.seq}
        onClose={() => setOpened(null)}
        onRetry={() => {
          setOpened(null);
          actions.resume();
        }}
      />
      <AgainstVerdict
        overview={overview}
        opened={asksForReason}
        onClose={() => setAsksForReason(false)}
        onDeploy={deploy}
      />
    </>
  );
}
