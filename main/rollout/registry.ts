import { z } from "zod";
import { problemOf, WorkbenchError } from "../../contract/problem.ts";

const Tag = z.object({ key: z.string(), value: z.string() });
const VersionAnswer = z.object({
  model_version: z.object({
    name: z.string(),
    version: z.string(),
    status: z.string().default("READY"),
    run_id: z.string().default(""),
    tags: z.array(Tag).default([]),
  }),
});
const RunAnswer = z.object({
  run: z.object({ info: z.object({ artifact_uri: z.string() }) }),
});
const SearchAnswer = z.object({
  registered_models: z
    .array(
      z.object({
        name: z.string(),
        aliases: z.array(z.object({ alias: z.string(), version: z.string() })).default([]),
      }),
    )
    .default([]),
  next_page_token: z.string().optional(),
});
const DownloadAnswer = z.object({ artifact_uri: z.string() });
const ListAnswer = z.object({
  files: z
    .array(z.object({ path: z.string(), is_dir: z.boolean(), file_size: z.number().optional() }))
    .default([]),
});
const ErrorAnswer = z.object({ error_code: z.string(), message: z.string() });

const TIMEOUT_MS = 30_000;

export interface RegisteredVersion {
  readonly model: string;
  readonly version: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Root of its files within the tracking server's artifact proxy. */
  readonly artifacts: string;
}

export interface ModelAlias {
  readonly model: string;
  readonly version: string;
  readonly alias: string;
}

export interface RegisteredFile {
  /** Path below the version's root, with forward slashes. */
  readonly path: string;
  readonly bytes: number;
}

/** The model registry, over the REST API of an MLflow server that proxies artifacts. */
export class ModelRegistry {
  readonly #url: () => Promise<string>;

  /** @param url the tracking server's address; asked for each call, since its port may move. */
  constructor(url: () => Promise<string>) {
    this.#url = url;
  }

  /** Sees to it that the tracking server is up. */
  async wake(): Promise<void> {
    await this.#url();
  }

  async has(model: string, version: string): Promise<boolean> {
    try {
      await this.version(model, version);
      return true;
    } catch (error) {
      if (problemOf(error).code === "registry.not_found") return false;
      throw error;
    }
  }

  async version(model: string, version: string): Promise<RegisteredVersion> {
    const query = new URLSearchParams({ name: model, version });
    const [found, download] = await Promise.all([
      this.#json(VersionAnswer, `/api/2.0/mlflow/model-versions/get?${query}`),
      this.#json(DownloadAnswer, `/api/2.0/mlflow/model-versions/get-download-uri?${query}`),
    ]);
    const artifacts = /^mlflow-artifacts:\/+(.+)$/.exec(download.artifact_uri)?.[1];
    if (!artifacts) {
      throw new WorkbenchError({
        code: "registry.artifacts_elsewhere",
        detail: `The files of ${model} version ${version} are at ${download.artifact_uri}.`,
        hint: "Only models whose files the tracking server itself proxies can be loaded.",
        where: { model, version },
      });
    }
    const tags = Object.fromEntries(found.model_version.tags.map((tag) => [tag.key, tag.value]));
    return { model, version, tags, artifacts };
  }

  /** All files of a version, from every folder below its root. */
  async files(version: RegisteredVersion, below = ""): Promise<RegisteredFile[]> {
    const folder = below ? `${version.artifacts}/${below}` : version.artifacts;
    const query = new URLSearchParams({ path: folder });
    const { files } = await this.#json(ListAnswer, `/api/2.0/mlflow-artifacts/artifacts?${query}`);
    const found = await Promise.all(
      files.map((file) => {
        const path = below ? `${below}/${file.path}` : file.path;
        if (file.is_dir) return this.files(version, path);
        return [{ path, bytes: file.file_size ?? 0 }];
      }),
    );
    return found.flat();
  }

  async read(version: RegisteredVersion, path: string): Promise<Uint8Array> {
    const address = `${version.artifacts}/${path}`.split("/").map(encodeURIComponent).join("/");
    const answer = await this.#call(`/api/2.0/mlflow-artifacts/artifacts/${address}`);
    return new Uint8Array(await answer.arrayBuffer());
  }

  /** Which version of each model has which alias; a model without any is left out. */
  async aliases(): Promise<ModelAlias[]> {
    const found: ModelAlias[] = [];
    let page: string | undefined;
    do {
      const query = new URLSearchParams({ max_results: "1000", ...(page && { page_token: page }) });
      const answer = await this.#json(
        SearchAnswer,
        `/api/2.0/mlflow/registered-models/search?${query}`,
      );
      for (const { name, aliases } of answer.registered_models) {
        found.push(...aliases.map(({ alias, version }) => ({ model: name, version, alias })));
      }
      page = answer.next_page_token;
    } while (page);
    return found;
  }

  async setAlias(model: string, alias: string, version: string): Promise<void> {
    await this.#call("/api/2.0/mlflow/registered-models/alias", { name: model, alias, version });
  }

  async setTag(model: string, version: string, key: string, value: string): Promise<void> {
    await this.#call("/api/2.0/mlflow/model-versions/set-tag", {
      name: model,
      version,
      key,
      value,
    });
  }

  /** Puts a file beside what the run that made a version has logged, such as its report. */
  async attach(model: string, version: string, name: string, content: Uint8Array): Promise<void> {
    const found = await this.#json(
      VersionAnswer,
      `/api/2.0/mlflow/model-versions/get?${new URLSearchParams({ name: model, version })}`,
    );
    const { run } = await this.#json(
      RunAnswer,
      `/api/2.0/mlflow/runs/get?${new URLSearchParams({ run_id: found.model_version.run_id })}`,
    );
    const folder = run.info.artifact_uri.replace(/^mlflow-artifacts:\/+/, "");
    const address = `${folder}/${name}`.split("/").map(encodeURIComponent).join("/");
    await this.#call(`/api/2.0/mlflow-artifacts/artifacts/${address}`, content);
  }

  /** Any call of the server's REST API, with `body` as a POST. */
  async ask<T>(schema: z.ZodType<T>, path: string, body?: object): Promise<T> {
    return schema.parse(await (await this.#call(path, body)).json());
  }

  async #json<T>(schema: z.ZodType<T>, path: string): Promise<T> {
    return schema.parse(await (await this.#call(path)).json());
  }

  /** Asks for a path; posts what is given as JSON, or puts it there if it is a file's bytes. */
  async #call(path: string, body?: object): Promise<Response> {
    const url = await this.#url();
    let answer: Response;
    try {
      answer = await fetch(`${url}${path}`, {
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(body instanceof Uint8Array
          ? { method: "PUT", body: new Uint8Array(body) }
          : body && {
              method: "POST",
              body: JSON.stringify(body),
              headers: { "content-type": "application/json" },
            }),
      });
    } catch (error) {
      throw new WorkbenchError(
        {
          code: "registry.unreachable",
          detail: `The model registry at ${url} does not answer.`,
          hint: "The service mlflow keeps it; its log says why it does not run.",
          where: { service: "mlflow", url },
        },
        { cause: error },
      );
    }
    if (answer.ok) return answer;
    throw await refused(answer, path);
  }
}

async function refused(answer: Response, path: string): Promise<WorkbenchError> {
  const said = ErrorAnswer.safeParse(await answer.json().catch(() => undefined));
  const missing =
    answer.status === 404 || (said.success && said.data.error_code === "RESOURCE_DOES_NOT_EXIST");
  const detail = said.success ? said.data.message : `status ${answer.status} for ${path}`;
  return new WorkbenchError({
    code: missing ? "registry.not_found" : "registry.refused",
    detail: `The model registry says: ${detail}`,
    hint: missing
      ? "`models` lists the versions that are registered."
      : "The service mlflow's log says more.",
    where: { service: "mlflow", status: answer.status },
  });
}
