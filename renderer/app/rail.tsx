import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Link, useRoute } from "wouter";
import { ASIDE, trpc } from "./api.ts";
import classes from "./frame.module.css";
import { SCREENS, type Screen } from "./screens.ts";

export function Rail() {
  const counts = useCounts();
  return (
    <nav className={classes.rail} aria-label="Screens">
      {SCREENS.map((screen, position) => (
        <Fragment key={screen.path}>
          {position > 0 && SCREENS[position - 1]?.group !== screen.group && <hr />}
          <RailLink screen={screen} count={counts[screen.path]} />
        </Fragment>
      ))}
    </nav>
  );
}

function RailLink({ screen, count }: { screen: Screen; count: number | undefined }) {
  const [here] = useRoute(`${screen.path}/*?`);
  return (
    <Link
      href={screen.path}
      className={classes.link}
      aria-label={screen.name}
      aria-current={here ? "page" : undefined}
    >
      <screen.icon size={16} stroke={1.6} aria-hidden />
      <span>{screen.name}</span>
      {/* Drawn by the style sheet: as text it would have to be part of the link's name. */}
      {count !== undefined && count > 0 && <span className={classes.count} data-count={count} />}
    </Link>
  );
}

function useCounts(): Record<string, number | undefined> {
  const counts = useQuery(trpc.system.counts.queryOptions(undefined, ASIDE)).data;
  const deployments = useQuery(trpc.deployments.list.queryOptions(undefined, ASIDE)).data;
  return {
    "/ideas": counts?.ideas,
    "/data": counts?.data_sets,
    "/models": counts?.models,
    "/deployments": deployments?.filter(({ state }) => state === "live").length,
  };
}
