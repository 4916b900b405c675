import { Suspense } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { lazyPart } from "../parts/lazy-part.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { useImporting } from "../state/importing.ts";
import { useChanges } from "./changes.ts";
import { ConnectionLost } from "./connection-lost.tsx";
import classes from "./frame.module.css";
import { useOpenedIdeas } from "./opened-ideas.ts";
import { Palette } from "./palette.tsx";
import { Rail } from "./rail.tsx";
import { ScreenFailed } from "./screen-failed.tsx";
import { SCREENS } from "./screens.ts";
import { useShortcuts } from "./shortcuts.tsx";
import { StatusBar } from "./status-bar.tsx";
import { TopBar } from "./top-bar.tsx";

const WindowDrop = lazyPart(() => import("./window-drop.tsx"));
const ImportDialog = lazyPart(() => import("../pages/data/importing/import-dialog.tsx"));

/** What stands around every screen. */
export function Frame() {
  useChanges();
  useOpenedIdeas();
  useShortcuts();
  const [location] = useLocation();
  const isImporting = useImporting(({ isOpen }) => isOpen);
  return (
    <div className={classes.frame}>
      <TopBar />
      <Rail />
      <main className={classes.main} id="screen">
        <ConnectionLost />
        <ErrorBoundary FallbackComponent={ScreenFailed} resetKeys={[location]}>
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
        </ErrorBoundary>
      </main>
      <StatusBar />
      <Palette />
      <Suspense fallback={null}>
        <WindowDrop />
        {isImporting && <ImportDialog />}
      </Suspense>
    </div>
  );
}
