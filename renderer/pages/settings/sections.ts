/** The parts of Settings, by their place in the address. */
export const SECTIONS = [
  { path: "general", title: "General" },
  { path: "environments", title: "Engine environments" },
  { path: "network", title: "Network" },
  { path: "secrets", title: "Secrets" },
  { path: "about", title: "About" },
  { path: "licences", title: "Licences" },
] as const;

export type SectionPath = (typeof SECTIONS)[number]["path"];
