import { useQuery } from "@tanstack/react-query";
import { bytes } from "../parts/format.ts";
import { trpc } from "./api.ts";
import classes from "./frame.module.css";

/** The workspace is measured file by file: seldom, and only while the window is looked at. */
const DISK_MS = 120_000;

export function StatusBar() {
  const status = useQuery(trpc.system.status.queryOptions()).data;
  const disk = useQuery({
    ...trpc.settings.disk.queryOptions(),
    refetchInterval: DISK_MS,
  }).data;
  const engine = status?.services.find(({ name }) => name === "engine");
  return (
    <footer className={`${classes.bar} ${classes.status}`}>
      <span>{engine ? `Engine ${engine.state.replaceAll("_", " ")}` : "Engine at rest"}</span>
      <span role="status">{runningText(status?.running ?? 0)}</span>
      {disk && (
        <span className={classes.end}>
          workspace {bytes(disk.used)} · {bytes(disk.free)} free
        </span>
      )}
    </footer>
  );
}

function runningText(running: number): string {
  if (running === 0) return "Nothing runs";
  return running === 1 ? "1 run at work" : `${running} runs at work`;
}
