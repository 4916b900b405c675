import { useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import {
  IconBulb,
  IconChartLine,
  IconCloudUp,
  IconDatabase,
  IconKeyboard,
  IconPlus,
  IconSearch,
  IconServer,
  IconSunMoon,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useLocation } from "wouter";
import { trpc } from "./api.ts";
import { SCREENS } from "./screens.ts";
import { showShortcuts } from "./shortcuts.tsx";

export const openPalette = spotlight.open;

/** Everything that can be opened or done, by its name. */
export function Palette() {
  const groups = [useActions(), useScreens(), ...useObjects()];
  return (
    <Spotlight
      actions={groups.filter(({ actions }) => actions.length > 0)}
      shortcut={["mod + K"]}
      limit={12}
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

function useActions(): SpotlightActionGroupData {
  const [, go] = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("dark");
  const other = scheme === "dark" ? "light" : "dark";
  return {
    group: "Actions",
    actions: [
      entry("new-idea", "New idea", <IconPlus size={16} />, () => go("/ideas/new")),
      entry("import-data", "Import data", <IconDatabase size={16} />, () => go("/data")),
      entry("theme", `Use the ${other} theme`, <IconSunMoon size={16} />, () =>
        setColorScheme(other),
      ),
      entry("shortcuts", "Keyboard shortcuts", <IconKeyboard size={16} />, showShortcuts),
    ],
  };
}

function useScreens(): SpotlightActionGroupData {
  const [, go] = useLocation();
  return {
    group: "Screens",
    actions: SCREENS.map(({ name, path, icon: Icon }) =>
      entry(`screen${path}`, name, <Icon size={16} />, () => go(path)),
    ),
  };
}

function useObjects(): SpotlightActionGroupData[] {
  const [, go] = useLocation();
  const ideas = useQuery(trpc.ideas.list.queryOptions()).data ?? [];
  const data = useQuery(trpc.data.list.queryOptions()).data ?? [];
  const models = useQuery(trpc.models.list.queryOptions()).data ?? [];
  const deployments = useQuery(trpc.deployments.list.queryOptions()).data ?? [];
  const services = useQuery(trpc.stack.list.queryOptions()).data ?? [];
  const dataSets = [...new Set(data.map(({ name }) => name))];
  const group = (
    name: string,
    icon: ReactNode,
    entries: readonly { key: string; label: string; path: string; note?: string }[],
  ): SpotlightActionGroupData => ({
    group: name,
    actions: entries.map(({ key, label, path, note }) =>
      entry(`${name} ${key}`, label, icon, () => go(path), note),
    ),
  });
  return [
    group(
      "Ideas",
      <IconBulb size={16} />,
      ideas.map(({ id, name }) => ({ key: id, label: name, path: `/ideas/${id}` })),
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
      services.map(({ service, state }) => ({
        key: service,
        label: service,
        path: `/stack/${encodeURIComponent(service)}`,
        note: state,
      })),
    ),
  ];
}

function entry(id: string, label: string, icon: ReactNode, onClick: () => void, note?: string) {
  return { id, label, onClick, leftSection: icon, ...(note && { description: note }) };
}
