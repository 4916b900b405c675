import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Positions, PositionsAsked, Trades, TradesAsked } from "../../contract/book-lines.ts";
import type { RunId } from "../../contract/ids.ts";
import type { ViewingClient } from "../engine/viewing-client.ts";
import type { ProjectIndex } from "../project-index/project-index.ts";
import type { Workspace } from "../runtime/workspace.ts";
import { finishedKeys } from "./run-result.ts";

/** What a run's backtest traded and held; null where it has not come to that, or it is gone. */
export class BookLines {
  readonly #index: ProjectIndex;
  readonly #workspace: Workspace;
  readonly #engine: ViewingClient;

  constructor(options: { index: ProjectIndex; workspace: Workspace; engine: ViewingClient }) {
    this.#index = options.index;
    this.#workspace = options.workspace;
    this.#engine = options.engine;
  }

  async trades(run: RunId, asked: TradesAsked): Promise<Trades | null> {
    const backtest = this.#backtestOf(run);
    return backtest === null ? null : await this.#engine.trades(backtest, asked);
  }

  async positions(run: RunId, asked: PositionsAsked): Promise<Positions | null> {
    const backtest = this.#backtestOf(run);
    return backtest === null ? null : await this.#engine.positions(backtest, asked);
  }

  /** The `file:` URI of what the run's backtest left. */
  #backtestOf(run: RunId): string | null {
    const key = finishedKeys(this.#index.steps.ofRun(run)).get("backtest");
    const artifact = key && this.#index.artifacts.get(key);
    if (!artifact) return null;
    return pathToFileURL(join(this.#workspace.root, ...artifact.path.split("/"))).href;
  }
}
