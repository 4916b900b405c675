import type { Command } from "commander";
import { stringify } from "yaml";
import { ideaJsonSchema } from "../../../../contract/idea.ts";
import { productTemplates } from "../product.ts";
import { attached, type GlobalOptions, print, workspaceOf } from "../session.ts";
import { table } from "../terminal.ts";
import { typed } from "../typed.ts";

export function addIdeas(program: Command): void {
  const ideas = program.command("ideas").description("trading ideas, and templates to start from");

  ideas
    .command("list", { isDefault: true })
    .description("ideas of this workspace")
    .action(async (_: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        const all = await client.ideas.list.query();
        print(options, all, () =>
          all.length === 0
            ? `No idea has been run here yet. Start with \`${typed("ideas templates")}\`.`
            : table(
                ["ID", "NAME", "UPDATED"],
                all.map((one) => [one.id, one.name, one.updated]),
              ),
        );
      });
    });

  ideas
    .command("templates")
    .description("ideas that ship with the product; --json adds the JSON Schema of idea.yaml")
    .action(async (_: unknown, command: Command) => {
      const templates = await productTemplates().list();
      print(command.optsWithGlobals(), { templates, schema: ideaJsonSchema() }, () =>
        table(
          ["TEMPLATE", "NAME"],
          templates.map((one) => [one.template, one.name]),
        ),
      );
    });

  ideas
    .command("policy [name]")
    .description("gate policies by which ideas are judged; with a name, its document")
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      await attached(workspaceOf(options), async (client) => {
        if (name === undefined) {
          const names = await client.ideas.policies.query();
          print(options, names, () => names.join("\n"));
          return;
        }
        const policy = await client.ideas.policy.query({ name });
        print(options, policy, () => stringify(policy).trimEnd());
      });
    });

  ideas
    .command("new <template>")
    .description("print a template's YAML, to be edited and run")
    .action(async (template: string, _: unknown, command: Command) => {
      const { yaml, ...rest } = await productTemplates().get(template);
      print(command.optsWithGlobals(), { ...rest, yaml }, () => yaml.trimEnd());
    });
}
