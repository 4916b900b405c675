import { useQuery } from "@tanstack/react-query";
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
  const up = services.filter(({ state }) => state === "ready");
  const failed = services.filter(({ state }) => state === "failed");
  const away = services.filter(({ state }) => state === "away");
  const isUnwell = failed.length + away.length > 0;
  const health = lost ? "bad" : isUnwell ? "warn" : up.length > 0 ? "good" : "rest";
  const text = lost
    ? "Not connected"
    : failed.length > 0
      ? `${failed.map(({ service }) => service).join(", ")} failed`
      : away.length > 0
        ? `Docker is away · ${servicesOf(away)} not known`
        : up.length > 0
          ? `Stack healthy · ${servicesOf(up)}`
          : "Stack at rest";
  return (
    <div className={`${classes.health} ${classes.end}`} role="status">
      <span className={classes.dot} data-state={health} aria-hidden />
      {text}
    </div>
  );
}

function servicesOf(services: readonly unknown[]): string {
  return `${services.length} ${services.length === 1 ? "service" : "services"}`;
}
