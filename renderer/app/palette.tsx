import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import {
  IconBolt,
  IconBulb,
  IconChartLine,
  IconCloudUp,
  IconDatabase,
  IconKeyboard,
  IconPlayerTrackNext,
  IconPlus,
  IconSearch,
  IconServer,
  IconSettings,
  IconSunMoon,
} from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useLocation } from "wouter";
import { IdeaQuery } from "../../contract/idea-list.ts";
import { SECTIONS } from "../pages/settings/sections.ts";
import { keyOf, pathOf } from "../pages/stack/which.ts";
import { time } from "../parts/format.ts";
import { useImporting } from "../state/importing.ts";
import { useOffered } from "../state/offers.ts";
import { ASIDE, trpc } from "./api.ts";
import { SCREENS } from "./screens.ts";
import { showShortcuts } from "./shortcuts.tsx";

export const openPalette = spotlight.open;

/** How many things of a kind are looked for. */
const SHOWN = 12;
/** How many entries are listed in all; the list scrolls. */
const LISTED = 60;

/** Everything that can be opened or done, by its name. */
export function Palette() {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const groups = [
    useOffersHere(isOpen),
    useActions(),
    useScreens(typed),
    ...useObjects(typed, isOpen),
  ];
  return (
    <Spotlight
      query={typed}
      onQueryChange={setTyped}
      onSpotlightOpen={() => setOpen(true)}
      onSpotlightClose={() => setOpen(false)}
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut={["mod + K"]}
      limit={LISTED}
      highlightQuery
      scrollable
      maxHeight={420}
      nothingFound="Nothing of this name."
      searchProps={{
        leftSection: <IconSearch size={16} aria-hidden />,
        placeholder: "Find an idea, a model, a service, an action",
        "aria-label": "Find an idea, a model, a service, an action",
      }}
    />
  );
}

/** What the screen that is shown can do, read anew whenever the palette is drawn. */
function useOffersHere(isOpen: boolean): SpotlightActionGroupData {
  const parts = useOffered((offered) => offered.parts);
  const offers = isOpen ? parts.flatMap((read) => read()) : [];
  return {
    group: "On this screen",
    actions: offers.map(({ id, label, act, note }) =>
      entry(`here ${id}`, label, <IconBolt size={16} />, act, note),
    ),
  };
}

function useActions(): SpotlightActionGroupData {
  const [, go] = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const other = scheme === "dark" ? "light" : "dark";
  const openImport = useImporting(({ open }) => open);
  return {
    group: "Actions",
    actions: [
      entry("new-idea", "New idea", <IconPlus size={16} />, () => go("/ideas/new")),
      entry("import-data", "Import data", <IconDatabase size={16} />, () => {
        // Where its progress is told.
        go("/data");
        openImport(null);
      }),
      entry("theme", `Use the ${other} theme`, <IconSunMoon size={16} />, () =>
        setColorScheme(other),
      ),
      entry("shortcuts", "Keyboard shortcuts", <IconKeyboard size={16} />, showShortcuts),
    ],
  };
}

/** The screens, and the parts of Settings for who looks for one. */
function useScreens(typed: string): SpotlightActionGroupData {
  const [, go] = useLocation();
  const screens = SCREENS.map(({ name, path, icon: Icon }) =>
    entry(`screen${path}`, name, <Icon size={16} />, () => go(path)),
  );
  const sections = SECTIONS.map(({ title, path }) =>
    entry(`settings ${path}`, `Settings: ${title}`, <IconSettings size={16} />, () =>
      go(`/settings/${path}`),
    ),
  );
  return { group: "Screens", actions: typed === "" ? screens : [...screens, ...sections] };
}

/** Asked for while the palette is open only. Of ideas there may be thousands: the core finds them. */
function useObjects(typed: string, enabled: boolean): SpotlightActionGroupData[] {
  const [, go] = useLocation();
  const found = IdeaQuery.parse({ text: typed.slice(0, 200), limit: SHOWN });
  const ideas = useQuery(
    trpc.ideas.page.queryOptions(found, { enabled, placeholderData: keepPreviousData, ...ASIDE }),
  );
  const runs = useQuery(
    trpc.runs.find.queryOptions(
      { text: found.text, limit: SHOWN },
      { enabled: enabled && typed !== "", placeholderData: keepPreviousData, ...ASIDE },
    ),
  );
  const data = useQuery(trpc.data.list.queryOptions(undefined, { enabled, ...ASIDE })).data ?? [];
  const models =
    useQuery(trpc.models.list.queryOptions(undefined, { enabled, ...ASIDE })).data ?? [];
  const deployments =
    useQuery(trpc.deployments.list.queryOptions(undefined, { enabled, ...ASIDE })).data ?? [];
  const services =
    useQuery(trpc.stack.list.queryOptions(undefined, { enabled, ...ASIDE })).data ?? [];
  const dataSets = [...new Set(data.map(({ name }) => name))];
  const group = (
    name: string,
    icon: ReactNode,
    entries: readonly Named[],
  ): SpotlightActionGroupData => ({
    group: name,
    actions: entries.map(({ key, label, path, note }) => ({
      ...entry(`${name} ${key}`, label, icon, () => go(path), note),
      keywords: [key],
    })),
  });
  return [
    group(
      "Ideas",
      <IconBulb size={16} />,
      (ideas.data?.rows ?? []).map(({ id, name }) => ({
        key: id,
        label: name,
        path: `/ideas/${id}`,
      })),
    ),
    group(
      "Runs",
      <IconPlayerTrackNext size={16} />,
      (typed === "" ? [] : (runs.data ?? [])).map(
        ({ run, idea, name, started, verdict, state }) => ({
          key: run,
          label: `${name}, ${time(started)}`,
          path: `/ideas/${idea}/runs/${run}`,
          note: verdict ?? state,
        }),
      ),
    ),
    group(
      "Data sets",
      <IconDatabase size={16} />,
      dataSets.map((name) => ({ key: name, label: name, path: `/data/${name}` })),
    ),
    group(
      "Models",
      <IconChartLine size={16} />,
      models.map(({ name, version }) => ({
        key: `${name} ${version}`,
        label: `${name} version ${version}`,
        path: `/models/${encodeURIComponent(name)}/${version}`,
      })),
    ),
    group(
      "Deployments",
      <IconCloudUp size={16} />,
      deployments.map(({ deployment, state }) => ({
        key: deployment,
        label: deployment,
        path: `/deployments/${deployment}`,
        note: state,
      })),
    ),
    group(
      "Services",
      <IconServer size={16} />,
      services.map((one) => ({
        key: keyOf(one),
        label: one.service,
        path: `/stack${pathOf(one)}`,
        note: one.state,
      })),
    ),
  ];
}

type Named = { key: string; label: string; path: string; note?: string };

function entry(id: string, label: string, icon: ReactNode, onClick: () => void, note?: string) {
  return { id, label, onClick, leftSection: icon, ...(note && { description: note }) };
}
