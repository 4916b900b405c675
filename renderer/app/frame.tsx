import { Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { Waiting } from "../parts/waiting.tsx";
import { useChanges } from "./changes.ts";
import { ConnectionLost } from "./connection-lost.tsx";
import classes from "./frame.module.css";
import { useOpenedIdeas } from "./opened-ideas.ts";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import { SCREENS } from "./screens.ts";
import { useShortcuts } from "./shortcuts.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";

/** What stands around every screen. */
export function Frame() {
  useChanges();
  useOpenedIdeas();
  useShortcuts();
  return (
    <div className={classes.frame}>
      <TopBar />
      <Rail />
      <main className={classes.main} id="screen">
        <ConnectionLost />
        <Suspense fallback={<Waiting for="the screen" />}>
          <Switch>
            {SCREENS.map(({ path, page: Page }) => (
              <Route key={path} path={path} nest>
                <Page />
              </Route>
            ))}
            <Route>
              <Redirect to="/ideas" replace />
            </Route>
          </Switch>
        </Suspense>
      </main>
      <StatusBar />
      <Palette />
    </div>
  );
}
