import { Group, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import type { ModelView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Columns } from "../../parts/columns.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Facts } from "../../parts/facts.tsx";
import { time } from "../../parts/format.ts";
import { Panel } from "../../parts/panel.tsx";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { VerdictWord } from "../../parts/verdict-word.tsx";
import { useOffers } from "../../state/offers.ts";
import { compareAddress, type VersionRef, versionAddress } from "./addresses.ts";
import { useAliases } from "./aliases.tsx";
import { RegistryAway } from "./all-models.tsx";
import { CodeTable } from "./code-table.tsx";
import { GateTable } from "./gate-table.tsx";
import { LineageGraph } from "./lineage-graph.tsx";
import { MetricTable } from "./metric-table.tsx";
import { PromoteButton } from "./promote-button.tsx";
import { RegistryTags } from "./registry-tags.tsx";

export function ModelPage(props: VersionRef) {
  const { name, version } = props;
  const found = useQuery(trpc.models.get.queryOptions({ name, version }));
  const aliases = useAliases();
  const mine = aliases.of(props);
  return (
    <>
      <ScreenTitle title={`${name} v${version}`} path={<Link href="~/models">Models</Link>}>
        <CompareWith model={props} />
        <PromoteButton
          model={props}
          champion={mine.includes("champion")}
          isKnown={aliases.away === null}
        />
      </ScreenTitle>
      <RegistryAway why={aliases.away} />
      <Asked query={found} for="the model">
        {(model) => <Version model={model} aliases={mine} />}
      </Asked>
    </>
  );
}

function Version({ model, aliases }: { model: ModelView; aliases: string[] }) {
  const { result, idea, lineage } = model;
  const live = lineage.deployments.find(({ state }) => state === "live");
  return (
    <>
      <Facts
        facts={[
          aliases.length > 0 && { text: aliases.map((alias) => `@${alias}`).join(" ") },
          { text: <VerdictWord verdict={model.verdict} /> },
          idea && { text: <Link href={`~/ideas/${idea.id}`}>{idea.name}</Link> },
          { text: `registered ${time(model.created)}` },
          live && {
            text: (
              <Link href={`~/deployments/${live.deployment}`}>serving as {live.deployment}</Link>
            ),
          },
        ]}
      />
      <LineageGraph model={model} />
      <Panel title="Gates" note="what the verdict rests on">
        {result ? (
          <GateTable gates={result.gates} />
        ) : (
          <Empty>
            The run that made this version was removed, and its verdict's gates with it.
          </Empty>
        )}
      </Panel>
      <Columns
        even
        left={
          <Panel title="Metrics" note="out of fold, net of costs">
            {result?.metrics ? (
              <MetricTable versions={[{ title: `v${model.version}`, metrics: result.metrics }]} />
            ) : (
              <Empty>The run that made this version was removed, and its metrics with it.</Empty>
            )}
          </Panel>
        }
        right={
          <>
            <Panel title="Code and artifacts" note="by step">
              <CodeTable steps={lineage.steps} />
            </Panel>
            <RegistryTags name={model.name} version={model.version} />
          </>
        }
      />
    </>
  );
}

/** Versions that the palette offers to compare with; the others are in the list on the screen. */
const OFFERED = 20;

/** Any other version, of this model or of another. */
function CompareWith({ model }: { model: VersionRef }) {
  const models = useQuery(trpc.models.list.queryOptions()).data ?? [];
  const [, go] = useLocation();
  const others = models.filter(
    ({ name, version }) => name !== model.name || version !== model.version,
  );
  useOffers(
    others.slice(0, OFFERED).map((other) => ({
      id: `compare ${versionAddress(other)}`,
      label: `Compare with ${other.name} v${other.version}`,
      act: () => go(compareAddress(model, other)),
    })),
  );
  if (others.length === 0) return null;
  return (
    <Group gap={6}>
      <Select
        aria-label="Compare with"
        placeholder="Compare with…"
        searchable
        limit={50}
        w={190}
        data={others.map((other) => ({
          value: versionAddress(other),
          label: `${other.name} v${other.version}`,
        }))}
        onChange={(address) => {
          const other = others.find((one) => versionAddress(one) === address);
          if (other) go(compareAddress(model, other));
        }}
      />
    </Group>
  );
}
