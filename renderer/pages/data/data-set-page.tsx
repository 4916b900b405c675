import { Button } from "@mantine/core";
import { IconFileImport, IconShieldCheck } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import type { DataSetName } from "../../../contract/ids.ts";
import type { VersionView } from "../../../main/api/views.ts";
import { trpc } from "../../app/api.ts";
import { Asked } from "../../parts/asked.tsx";
import { Columns } from "../../parts/columns.tsx";
import { Facts } from "../../parts/facts.tsx";
import { count, time } from "../../parts/format.ts";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { useImporting } from "../../state/importing.ts";
import { useOffers } from "../../state/offers.ts";
import { useShowsData } from "../../state/shown-data.ts";
import type { BarRef } from "./addresses.ts";
import { DifferencePanel } from "./difference-panel.tsx";
import type { Focus } from "./focus.ts";
import { ImportList } from "./import-list.tsx";
import { PricePanel } from "./price-panel.tsx";
import { QualityPanels } from "./quality-panels.tsx";
import { TrialPanel } from "./trial-panel.tsx";
import { VersionTable } from "./version-table.tsx";

/** @param props.bar the bar that somebody came to see, of the version that it is in */
export function DataSetPage({ name, bar = null }: { name: DataSetName; bar?: BarRef | null }) {
  const versions = useQuery(trpc.data.versions.queryOptions({ name }));
  const openImport = useImporting(({ open }) => open);
  const [chosen, setChosen] = useState<string | null>(bar?.version ?? null);
  const shown = versions.data?.find(({ key }) => key === chosen) ?? versions.data?.[0];
  useShowsData(name);
  useOffers([{ id: "import", label: `Import into ${name}`, act: () => openImport(name) }]);
  return (
    <>
      <ScreenTitle title={name} path={<Link href="~/data">Data</Link>}>
        {shown && shown === versions.data?.[0] && <CheckButton version={shown} />}
        <Button leftSection={<IconFileImport size={15} />} onClick={() => openImport(name)}>
          Import into it
        </Button>
      </ScreenTitle>
      <ImportList of={name} />
      <Asked query={versions} for="the data set">
        {(list) => shown && <Version list={list} shown={shown} bar={bar} onChoose={setChosen} />}
      </Asked>
    </>
  );
}

function Version(props: {
  list: VersionView[];
  shown: VersionView;
  bar: BarRef | null;
  onChoose: (key: string) => void;
}) {
  const { list, shown, bar, onChoose } = props;
  const { quality, imported } = shown;
  const [focus, setFocus] = useState<Focus | null>(bar);
  const prices = <PricePanel version={shown} focus={focus} onFocus={setFocus} />;
  return (
    <>
      <Facts
        facts={[
          { text: `${count(shown.rows)} bars`, help: "One row a symbol and day" },
          { text: `${count(shown.symbols)} symbols` },
          { text: `daily, ${shown.first ?? "–"} → ${shown.last ?? "–"}` },
          quality && { text: `calendar ${quality.calendar}` },
          { text: `v${shown.version} · ${shown.key.slice(0, 7)}`, help: shown.key },
          { text: `imported ${time(shown.created)}` },
          imported?.has_attributes && { text: "with sectors" },
          quality?.survivorship && {
            text: "survivorship bias",
            tone: "warn",
            help: "Symbols join and none ever leaves: results on it are too good",
          },
          shown !== list[0] && { text: "not the newest version", tone: "warn" },
        ]}
      />
      {/* Who came to see a bar finds it on top. */}
      {bar && prices}
      <QualityPanels version={shown} onFocus={setFocus} />
      {!bar && prices}
      <Columns
        even
        left={<VersionTable list={list} shown={shown} onChoose={onChoose} />}
        right={<TrialPanel name={shown.name} />}
      />
      <DifferencePanel list={list} shown={shown} />
    </>
  );
}

function CheckButton({ version }: { version: VersionView }) {
  const check = useMutation(trpc.data.check.mutationOptions());
  const run = () => check.mutate({ name: version.name });
  useOffers([!version.quality && { id: "check", label: `Check ${version.name}`, act: run }]);
  if (version.quality) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconShieldCheck size={15} />}
      loading={check.isPending}
      onClick={run}
    >
      Check
    </Button>
  );
}
