import { useLocation } from "wouter";
import type { RunOverview } from "../../../../contract/run.ts";
import { type Click, ThreeClicks } from "../../../parts/three-clicks.tsx";
import type { Deploying } from "./use-deploy.ts";
import { useElapsed } from "./use-elapsed.ts";

/** The three clicks as they stand for a run. */
export function RunClicks(props: {
  overview: RunOverview;
  deploying: Deploying;
  onTest: () => void;
  onDeploy: () => void;
  onShowDeployment: () => void;
}) {
  const { overview, deploying } = props;
  const [, navigate] = useLocation();
  const running = overview.state === "running";
  const testing = useElapsed(running ? overview.started : null);
  const sending = useElapsed(deploying.since);
  return (
    <ThreeClicks
      idea={{
        state: "done",
        hint: "Begin another idea",
        onClick: () => navigate("/new"),
      }}
      test={
        running
          ? { state: "busy", seconds: testing, hint: "The idea is being tested" }
          : {
              state: overview.state === "done" ? "done" : "current",
              seconds: overview.state === "done" ? overview.seconds : null,
              hint: overview.edited_since
                ? "Test the idea again as this run had it; the edited one stays as it is"
                : "Test the idea again; what has not changed comes from the cache",
              onClick: props.onTest,
            }
      }
      deploy={deployClick(props, sending)}
    />
  );
}

function deployClick(
  {
    overview,
    deploying,
    onDeploy,
    onShowDeployment,
  }: {
    overview: RunOverview;
    deploying: Deploying;
    onDeploy: () => void;
    onShowDeployment: () => void;
  },
  sending: number | null,
): Click {
  if (deploying.state === "live") {
    return {
      state: "done",
      seconds: deploying.deployment?.ready_seconds ?? null,
      hint: "The model is live; show its deployment",
      onClick: onShowDeployment,
    };
  }
  if (deploying.state === "starting") {
    return { state: "busy", seconds: sending, hint: "The model is being loaded and tried" };
  }
  if (overview.model === null) {
    const hint =
      overview.state === "running"
        ? "Once the idea has been tested, its model can be deployed"
        : "This run left no model; test the idea first";
    return { state: "next", hint };
  }
  if (overview.verdict === "deploy") {
    return { state: "current", hint: "Serve this run's model as an endpoint", onClick: onDeploy };
  }
  return {
    state: "next",
    hint: `The verdict is ${overview.verdict}; deploying all the same asks for a reason`,
    onClick: onDeploy,
  };
}
