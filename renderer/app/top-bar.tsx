import { useQuery } from "@tanstack/react-query";
import type { ServiceView } from "../../contract/service.ts";
import { plural } from "../parts/format.ts";
import { useConnection } from "../state/connection.ts";
import { ASIDE, trpc } from "./api.ts";
import classes from "./frame.module.css";
import { openPalette } from "./palette.tsx";

export function TopBar() {
  const status = useQuery(trpc.system.status.queryOptions(undefined, ASIDE));
  const folder = status.data?.workspace ?? "";
  return (
    <header className={`${classes.bar} ${classes.top}`}>
      <div className={classes.logo} aria-hidden />
      <b>BreadthFlow</b>
      <span className={classes.workspace} title={folder}>
        {folder.split(/[\\/]/).at(-1)}
      </span>
      <button type="button" className={classes.search} onClick={openPalette}>
        <span>Find an idea, a model, a service, an action</span>
        <kbd>{/mac/i.test(navigator.userAgent) ? "⌘K" : "Ctrl K"}</kbd>
      </button>
      <StackHealth />
    </header>
  );
}

function StackHealth() {
  const lost = useConnection(({ state }) => state === "lost" || state === "refused");
  // Those of both: processes, and containers that the workspace has besides.
  const services = useQuery(trpc.stack.list.queryOptions(undefined, ASIDE)).data ?? [];
  const { health, text } = lost ? { health: "bad", text: "Not connected" } : healthOf(services);
  return (
    <div className={`${classes.health} ${classes.end}`} role="status">
      <span className={classes.dot} data-state={health} aria-hidden />
      {text}
    </div>
  );
}

function healthOf(services: readonly ServiceView[]): { health: string; text: string } {
  const failed = services.filter(({ state }) => state === "failed");
  if (failed.length > 0) {
    return { health: "warn", text: `${failed.map(({ service }) => service).join(", ")} failed` };
  }
  const away = services.filter(({ state }) => state === "away");
  if (away.length > 0) {
    return { health: "warn", text: `Docker is away · ${plural(away.length, "service")} not known` };
  }
  const up = services.filter(({ state }) => state === "ready");
  if (up.length > 0)
    return { health: "good", text: `Stack healthy · ${plural(up.length, "service")}` };
  return { health: "rest", text: "Stack at rest" };
}
