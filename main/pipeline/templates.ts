import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Idea } from "../../contract/idea.ts";
import { WorkbenchError } from "../../contract/problem.ts";
import { parseIdea } from "./idea-document.ts";

const SUFFIX = ".idea.yaml";

export type Template = {
  template: string;
  name: string;
  description: string;
  idea: Idea;
  yaml: string;
};

/** The ideas that ship with the product, each a valid document that a person starts from. */
export class Templates {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async list(): Promise<Template[]> {
    const files = (await readdir(this.#folder)).filter((file) => file.endsWith(SUFFIX)).sort();
    return Promise.all(files.map((file) => this.#read(file)));
  }

  async get(template: string): Promise<Template> {
    const all = await this.list();
    const found = all.find((one) => one.template === template);
    if (found) return found;
    throw new WorkbenchError({
      code: "idea.no_template",
      detail: `There is no template ${JSON.stringify(template)}.`,
      hint: `Choose one of ${all.map((one) => one.template).join(", ")}.`,
    });
  }

  async #read(file: string): Promise<Template> {
    const yaml = await readFile(join(this.#folder, file), "utf8");
    const idea = parseIdea(yaml, file);
    const { name, description } = idea;
    return { template: file.slice(0, -SUFFIX.length), name, description, idea, yaml };
  }
}
