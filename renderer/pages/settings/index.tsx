import { Tabs } from "@mantine/core";
import { useLocation } from "wouter";
import { ScreenTitle } from "../../parts/screen-title.tsx";
import { AboutSettings } from "./about-settings.tsx";
import { EnvironmentSettings } from "./environment-settings.tsx";
import { GeneralSettings } from "./general-settings.tsx";
import { LicenceList } from "./licence-list.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import { SecretSettings } from "./secret-settings.tsx";

const SECTIONS = [
  { path: "general", title: "General", section: GeneralSettings },
  { path: "environments", title: "Engine environments", section: EnvironmentSettings },
  { path: "network", title: "Network", section: NetworkSettings },
  { path: "secrets", title: "Secrets", section: SecretSettings },
  { path: "about", title: "About", section: AboutSettings },
  { path: "licences", title: "Licences", section: LicenceList },
] as const;

export default function SettingsPage() {
  const [path, go] = useLocation();
  const open = SECTIONS.find((section) => path === `/${section.path}`) ?? SECTIONS[0];
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
          <open.section />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
