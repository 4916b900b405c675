import {
  IconBulb,
  IconChartLine,
  IconCloudUp,
  IconDatabase,
  IconSettings,
  IconStack2,
} from "@tabler/icons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";

/** A screen of the left rail. */
export type Screen = {
  name: string;
  path: string;
  /** Opens it after `g`, as in "go". */
  letter: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  page: LazyExoticComponent<ComponentType>;
  /** Screens with a line between them belong to different groups of the rail. */
  group: "work" | "machine" | "settings";
};

export const SCREENS: readonly Screen[] = [
  {
    name: "Ideas",
    path: "/ideas",
    letter: "i",
    icon: IconBulb,
    page: lazy(() => import("../pages/ideas/index.tsx")),
    group: "work",
  },
  {
    name: "Data",
    path: "/data",
    letter: "d",
    icon: IconDatabase,
    page: lazy(() => import("../pages/data/index.tsx")),
    group: "work",
  },
  {
    name: "Models",
    path: "/models",
    letter: "m",
    icon: IconChartLine,
    page: lazy(() => import("../pages/models/index.tsx")),
    group: "work",
  },
  {
    name: "Deployments",
    path: "/deployments",
    letter: "p",
    icon: IconCloudUp,
    page: lazy(() => import("../pages/deployments/index.tsx")),
    group: "work",
  },
  {
    name: "Stack",
    path: "/stack",
    letter: "s",
    icon: IconStack2,
    page: lazy(() => import("../pages/stack/index.tsx")),
    group: "machine",
  },
  {
    name: "Settings",
    path: "/settings",
    letter: "t",
    icon: IconSettings,
    page: lazy(() => import("../pages/settings/index.tsx")),
    group: "settings",
  },
];
