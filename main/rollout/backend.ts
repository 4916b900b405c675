import type { DeploymentState, InferRequest, InferResponse } from "../../contract/deployment.ts";
import type { DeploymentId } from "../../contract/ids.ts";
import type { Problem } from "../../contract/problem.ts";
import type { SmokeExample } from "./smoke.ts";

export interface ModelVersion {
  readonly model: string;
  readonly version: string;
}

export interface LoadRequest extends ModelVersion {
  readonly deployment: DeploymentId;
  /** What the model must answer; without it, the example stored with the registered version. */
  readonly example?: SmokeExample;
}

export interface LoadOptions {
  /** Told what is being done, in words for a person. */
  readonly onProgress?: (message: string) => void;
}

export interface LoadedDeployment extends ModelVersion {
  readonly deployment: DeploymentId;
  /** `…/v2/models/DEPLOYMENT`; `/infer` and `/ready` are below it. */
  readonly endpoint: string;
  /** From the request to the first answer that was right. */
  readonly ready_seconds: number;
}

export interface DeploymentStatus extends ModelVersion {
  readonly deployment: DeploymentId;
  readonly state: DeploymentState;
  readonly endpoint: string | null;
  readonly service: string;
  readonly restarts: number;
  readonly log: string | null;
  readonly problem: Problem | null;
}

export interface InferOptions {
  readonly correlationId?: string;
  readonly signal?: AbortSignal;
}

/** Something that serves registered models, in Seldon's words. */
export interface RolloutBackend {
  /** What would stop this version from being loaded; empty if nothing is known to. */
  preflight(request: ModelVersion): Promise<Problem[]>;
  /**
   * Serves a version under the deployment's name, once it has answered its example rightly. A
   * version that the deployment served before goes on until then, and for good if this one fails.
   */
  load(request: LoadRequest, options?: LoadOptions): Promise<LoadedDeployment>;
  /** Stops serving; does nothing if the deployment is not loaded. */
  unload(deployment: DeploymentId): Promise<void>;
  status(deployment: DeploymentId): DeploymentStatus | undefined;
  infer(
    deployment: DeploymentId,
    request: InferRequest,
    options?: InferOptions,
  ): Promise<InferResponse>;
  /** Makes the served version its model's `@champion`. */
  promote(deployment: DeploymentId): Promise<void>;
}
