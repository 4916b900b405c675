import {
  IconBulb,
  IconChartLine,
  IconCloudUp,
  IconDatabase,
  IconSettings,
  IconStack2,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { type LazyPart, lazyPart } from "../parts/lazy-part.tsx";

/** A screen of the left rail. */
export type Screen = {
  name: string;
  path: string;
  /** Opens it after `g`, as in "go". */
  letter: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
  page: LazyPart<object>;
  /** Screens with a line between them belong to different groups of the rail. */
  group: "work" | "machine" | "settings";
};

export const SCREENS: readonly Screen[] = [
  {
    name: "Ideas",
    path: "/ideas",
    letter: "i",
    icon: IconBulb,
    page: lazyPart(() => import("../pages/ideas/index.tsx")),
    group: "work",
  },
  {
    name: "Data",
    path: "/data",
    letter: "d",
    icon: IconDatabase,
    page: lazyPart(() => import("../pages/data/index.tsx")),
    group: "work",
  },
  {
    name: "Models",
    path: "/models",
    letter: "m",
    icon: IconChartLine,
    page: lazyPart(() => import("../pages/models/index.tsx")),
    group: "work",
  },
  {
    name: "Deployments",
    path: "/deployments",
    letter: "p",
    icon: IconCloudUp,
    page: lazyPart(() => import("../pages/deployments/index.tsx")),
    group: "work",
  },
  {
    name: "Stack",
    path: "/stack",
    letter: "s",
    icon: IconStack2,
    page: lazyPart(() => import("../pages/stack/index.tsx")),
    group: "machine",
  },
  {
    name: "Settings",
    path: "/settings",
    letter: "t",
    icon: IconSettings,
    page: lazyPart(() => import("../pages/settings/index.tsx")),
    group: "settings",
  },
];
