/** What calls of the API answer with, by name, for those who show it. */
export type { DataSetLine, VersionView } from "../pipeline/data-library.ts";
export type { NumberedRun } from "../project-index/runs.ts";
export type { IdeaTrials } from "../project-index/trials.ts";
export type { DeploymentView } from "../rollout/deployments.ts";
export type { ModelView } from "../rollout/models.ts";
