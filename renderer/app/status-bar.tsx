import { useQuery } from "@tanstack/react-query";
import { trpc } from "./api.ts";
import classes from "./frame.module.css";

export function StatusBar() {
  const status = useQuery(trpc.system.status.queryOptions()).data;
  const engine = status?.services.find(({ name }) => name === "engine");
  return (
    <footer className={`${classes.bar} ${classes.status}`}>
      <span>{engine ? `Engine ${engine.state}` : "Engine at rest"}</span>
      <span>{runningText(status?.running ?? 0)}</span>
    </footer>
  );
}

function runningText(running: number): string {
  if (running === 0) return "Nothing runs";
  return running === 1 ? "1 run at work" : `${running} runs at work`;
}
