import { Tabs } from "@mantine/core";
import { Suspense } from "react";
import type { RunOverview } from "../../../../contract/run.ts";
import type { StepName } from "../../../../contract/step.ts";
import { fetchAhead } from "../../../app/fetch-ahead.ts";
import { Empty } from "../../../parts/empty.tsx";
import { type LazyPart, lazyPart } from "../../../parts/lazy-part.tsx";
import { Waiting } from "../../../parts/waiting.tsx";
import classes from "./run-tabs.module.css";
import { STEP_TITLES } from "./step-words.ts";
import type { TabProps } from "./tab-props.ts";

type Tab = {
  title: string;
  /** What the tab rests on. */
  step: StepName;
  /** What will appear here. */
  promise: string;
  /** Shown while its step is at work already. */
  isLive?: boolean;
  content: LazyPart<TabProps>;
};

const TABS = {
  data: {
    title: "Data",
    step: "check",
    promise: "what is wrong with the bars, day by day, and what was done about it",
    content: lazyPart(() => import("./tabs/data-tab.tsx")),
  },
  features: {
    title: "Features",
    step: "select",
    promise: "every feature with why it was kept or dropped, and how the kept ones hang together",
    content: lazyPart(() => import("./tabs/features-tab.tsx")),
  },
  models: {
    title: "Models",
    step: "train",
    promise: "the trials of the search as they come, and the leaderboard",
    isLive: true,
    content: lazyPart(() => import("./tabs/models-tab.tsx")),
  },
  validation: {
    title: "Validation",
    step: "train",
    promise: "how well the model ranks, out of fold, by month and by fold, against its baselines",
    content: lazyPart(() => import("./tabs/validation-tab.tsx")),
  },
  backtest: {
    title: "Backtest",
    step: "backtest",
    promise: "equity, drawdown, turnover and costs of trading the predictions",
    content: lazyPart(() => import("./tabs/backtest-tab.tsx")),
  },
  verdict: {
    title: "Verdict",
    step: "judge",
    promise: "each gate with its value, what it needs and what it means",
    content: lazyPart(() => import("./tabs/verdict-tab.tsx")),
  },
  deployment: {
    title: "Deployment",
    step: "register",
    promise: "the model's endpoint, once it is deployed",
    content: lazyPart(() => import("./tabs/deployment-tab.tsx")),
  },
} as const satisfies Record<string, Tab>;

// The one that shows first comes while the run is asked for, the others while it is looked at.
TABS.validation.content.fetch().catch(() => undefined);
for (const { content } of Object.values(TABS)) fetchAhead(content.fetch);

export type TabName = keyof typeof TABS;

export function isTabName(name: string | undefined): name is TabName {
  return name !== undefined && Object.hasOwn(TABS, name);
}

const NAMES = Object.keys(TABS) as TabName[];

/** What the steps of a run found, one tab each, filled as they finish. */
export function RunTabs(
  props: TabProps & { shown: TabName | null; onShow: (name: TabName) => void },
) {
  const { overview, live, deploying } = props;
  const shown = props.shown ?? tellingTab(overview);
  return (
    <Tabs
      value={shown}
      onChange={(name) => isTabName(name ?? undefined) && props.onShow(name as TabName)}
      keepMounted={false}
    >
      <Tabs.List className={classes.list}>
        {NAMES.map((name) => (
          <Tabs.Tab key={name} value={name} className={classes.tab}>
            {TABS[name].title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value={shown} pt="md">
        <Suspense fallback={<Waiting for={`the tab ${TABS[shown].title}`} />}>
          <Content tab={TABS[shown]} overview={overview} live={live} deploying={deploying} />
        </Suspense>
      </Tabs.Panel>
    </Tabs>
  );
}

function Content({ tab, ...props }: TabProps & { tab: Tab }) {
  const { overview } = props;
  const state = overview.steps.find(({ name }) => name === tab.step)?.state;
  const done = state === "done" || state === "cached";
  if (done || (tab.isLive && state === "running")) return <tab.content {...props} />;
  const step = STEP_TITLES[tab.step];
  if (overview.state === "running") {
    return (
      <Empty>
        Here you will see {tab.promise}: as soon as the step {step} is done.
      </Empty>
    );
  }
  return (
    <Empty>
      This run ended before its step {step}. Once a run gets there, you see here {tab.promise}.
    </Empty>
  );
}

/** Where the most is to be seen: what is at work, and at the end how well it ranks. */
function tellingTab({ state, steps }: RunOverview): TabName {
  if (state !== "running") return "validation";
  const at = (step: StepName) => steps.find(({ name }) => name === step)?.state;
  if (at("train") === "running") return "models";
  if (at("train") === "done" || at("train") === "cached") return "validation";
  return at("select") === "done" || at("select") === "cached" ? "features" : "data";
}
