import { Alert, Button } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import type { ModelLine } from "../../../contract/model.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { DataTable, type TableColumn } from "../../parts/data-table.tsx";
import { Empty } from "../../parts/empty.tsx";
import { count, fixed, time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { VerdictWord } from "../../parts/verdict-word.tsx";
import { LiveMark } from "../deployments/live-mark.tsx";
import { versionAddress } from "./addresses.ts";
import { Aliases, useAliases } from "./aliases.tsx";

export function AllModels() {
  const models = useQuery(trpc.models.list.queryOptions());
  return (
    <>
      <ScreenTitle title="Models" />
      <Asked query={models} for="the models">
        {(list) =>
          list.length === 0 ? (
            <Empty
              action={
                <Button component={Link} href="~/ideas" variant="default">
                  To the ideas
                </Button>
              }
            >
              Each idea that is tested to its end registers a version of its model. It appears here
              with its verdict, its scores and its way back to data, idea, run and code.
            </Empty>
          ) : (
            <Versions list={list} />
          )
        }
      </Asked>
    </>
  );
}

function Versions({ list }: { list: ModelLine[] }) {
  const [, go] = useLocation();
  const aliases = useAliases();
  const names = new Set(list.map(({ name }) => name)).size;
  return (
    <>
      <RegistryAway why={aliases.away} />
      <Panel
        title="Registered versions"
        note={`${count(list.length)} versions of ${count(names)} ${names === 1 ? "model" : "models"}`}
      >
        <DataTable
          name="Registered versions"
          columns={columns(aliases.of)}
          rows={list}
          rowKey={({ name, version }) => `${name} ${version}`}
          maxHeight={680}
          onOpen={(model) => go(versionAddress(model))}
        />
      </Panel>
    </>
  );
}

/** Aliases are the registry's to tell: while it is away, everything else still stands. */
export function RegistryAway({ why }: { why: string | null }) {
  if (why === null) return null;
  return (
    <Alert color="yellow" variant="light" icon={<IconInfoCircle size={16} />} title={why}>
      Until it answers, aliases are not shown and cannot be changed. Its log is on the screen{" "}
      <Link href="~/stack/mlflow">Stack</Link>.
    </Alert>
  );
}

function columns(aliasesOf: (model: ModelLine) => string[]): TableColumn<ModelLine>[] {
  return [
    {
      key: "name",
      title: "model version",
      value: ({ name, version }) => `${name} v${version.padStart(6, " ")}`,
      show: ({ name, version }) => (
        <>
          {name} <b>v{version}</b>
        </>
      ),
    },
    {
      key: "aliases",
      title: "aliases",
      help: "From the registry: @champion is served, @challenger is the newest candidate",
      value: (model) => aliasesOf(model).join(" "),
      show: (model) => <Aliases aliases={aliasesOf(model)} />,
    },
    {
      key: "verdict",
      title: "verdict",
      value: ({ verdict }) => verdict,
      show: ({ verdict }) => <VerdictWord verdict={verdict} />,
    },
    number(
      "rank_ic",
      "rank IC",
      3,
      "Mean daily rank correlation of forecast and outcome, out of fold",
    ),
    number("sharpe_net", "net Sharpe", 2, "Of the backtest, after costs"),
    number(
      "deflated_sharpe",
      "deflated",
      2,
      "Probability that the Sharpe ratio is above what the trials alone would give",
    ),
    {
      ...number("trials", "trials", 0, "Configurations that were fitted for it"),
      show: ({ trials }) => count(trials),
    },
    {
      key: "data",
      title: "data",
      value: ({ data_set, data_version }) =>
        data_set === null ? null : `${data_set} v${data_version}`,
    },
    { key: "idea", title: "idea", value: ({ idea_name, idea }) => idea_name ?? idea },
    {
      key: "live",
      title: "serving",
      value: ({ live }) => live,
      show: ({ live }) => (live ? <LiveMark state="live" /> : "–"),
    },
    {
      key: "created",
      title: "registered",
      align: "right",
      value: ({ created }) => created,
      show: ({ created }) => time(created),
    },
  ];
}

function number(
  key: "rank_ic" | "sharpe_net" | "deflated_sharpe" | "trials",
  title: string,
  digits: number,
  help: string,
): TableColumn<ModelLine> {
  return {
    key,
    title,
    help,
    align: "right",
    value: (model) => model[key],
    show: (model) => fixed(model[key], digits),
  };
}
