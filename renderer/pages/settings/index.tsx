import { Tabs } from "@mantine/core";
import type { ComponentType } from "react";
import { useLocation } from "wouter";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { AboutSettings } from "./about-settings.tsx";
import { EnvironmentSettings } from "./environment-settings.tsx";
import { GeneralSettings } from "./general-settings.tsx";
import { LicenceList } from "./licence-list.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import { SecretSettings } from "./secret-settings.tsx";
import { SECTIONS, type SectionPath } from "./sections.ts";

const SHOWN: Record<SectionPath, ComponentType> = {
  general: GeneralSettings,
  environments: EnvironmentSettings,
  network: NetworkSettings,
  secrets: SecretSettings,
  about: AboutSettings,
  licences: LicenceList,
};

export default function SettingsPage() {
  const [path, go] = useLocation();
  const open = SECTIONS.find((section) => path === `/${section.path}`) ?? SECTIONS[0];
  const Section = SHOWN[open.path];
  return (
    <>
      <ScreenTitle title="Settings" />
      <Tabs value={open.path} onChange={(next) => go(`/${next}`)} keepMounted={false}>
        <Tabs.List mb="md">
          {SECTIONS.map(({ path, title }) => (
            <Tabs.Tab key={path} value={path}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={open.path}>
          <Section />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
