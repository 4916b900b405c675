import { Badge } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { trpc } from "../../app/api.ts";
import { problemIn } from "../../app/problems.ts";
import type { VersionRef } from "./addresses.ts";

/** Who has which alias, from the registry; `away` says why nobody can tell. */
export function useAliases(): { of: (version: VersionRef) => string[]; away: string | null } {
  const asked = useQuery(trpc.models.aliases.queryOptions());
  return {
    of: ({ name, version }) =>
      (asked.data ?? [])
        .filter((one) => one.model === name && one.version === version)
        .map((one) => one.alias),
    away: asked.isError ? problemIn(asked.error).detail : null,
  };
}

export function Aliases(props: { aliases: readonly string[] }) {
  return props.aliases.map((alias) => (
    <Badge
      key={alias}
      size="sm"
      variant={alias === "champion" ? "filled" : "default"}
      tt="none"
      fw={500}
      mr={4}
      miw="max-content"
    >
      @{alias}
    </Badge>
  ));
}
