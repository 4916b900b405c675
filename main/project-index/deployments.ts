import { Deployment, type DeploymentState } from "../../contract/deployment.ts";
import type { DeploymentId } from "../../contract/ids.ts";
import type { Database } from "./database.ts";

type DeploymentRow = Record<keyof Deployment, string | number | null>;

export class Deployments {
  readonly #save;
  readonly #get;
  readonly #list;
  readonly #inState;

  constructor(database: Database) {
    this.#save = database.prepare<DeploymentRow>(
      `INSERT INTO deployments
         (deployment, run, model, version, endpoint, state, created, ready_seconds, verdict,
          against_verdict)
       VALUES (:deployment, :run, :model, :version, :endpoint, :state, :created, :ready_seconds,
         :verdict, :against_verdict)
       ON CONFLICT (deployment) DO UPDATE SET
         run = excluded.run, model = excluded.model, version = excluded.version,
         endpoint = excluded.endpoint, state = excluded.state, created = excluded.created,
         ready_seconds = excluded.ready_seconds, verdict = excluded.verdict,
         against_verdict = excluded.against_verdict`,
    );
    this.#get = database.prepare<[string], DeploymentRow>(
      "SELECT * FROM deployments WHERE deployment = ?",
    );
    this.#list = database.prepare<[], DeploymentRow>(
      "SELECT * FROM deployments ORDER BY created DESC, deployment",
    );
    this.#inState = database.prepare<[string], DeploymentRow>(
      "SELECT * FROM deployments WHERE state = ? ORDER BY created, deployment",
    );
  }

  save(deployment: Deployment): void {
    this.#save.run({ ...deployment });
  }

  get(deployment: DeploymentId): Deployment | null {
    const row = this.#get.get(deployment);
    return row ? Deployment.parse(row) : null;
  }

  /** All deployments, the newest first. */
  list(): Deployment[] {
    return this.#list.all().map((row) => Deployment.parse(row));
  }

  inState(state: DeploymentState): Deployment[] {
    return this.#inState.all(state).map((row) => Deployment.parse(row));
  }
}
