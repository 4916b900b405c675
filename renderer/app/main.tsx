import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { Refused } from "./refused.tsx";
import { openSession } from "./session.ts";

// zod compiles its checks with `new Function`, which the content security policy forbids.
z.config({ jitless: true });

const root = document.getElementById("root");
if (!root) throw new Error("The page has no element with the id root.");
createRoot(root).render(<StrictMode>{await firstView()}</StrictMode>);

async function firstView() {
  const refusal = window.breadthflow ? null : await openSession();
  if (refusal) return <Refused {...refusal} />;
  try {
    // The socket opens on import, and needs the session.
    const { App } = await import("./app.tsx");
    return <App />;
  } catch (err) {
    // The network changed meanwhile, as it does when containers start: the browser then drops what
    // it is fetching, from this machine too, and keeps a part that failed until the page is new.
    if (!isLoadedAgain()) location.reload();
    return (
      <Refused
        detail="A part of this window could not be fetched."
        hint={`Load the page again. ${err instanceof Error ? err.message : String(err)}`}
      />
    );
  }
}

function isLoadedAgain(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation instanceof PerformanceNavigationTiming && navigation.type === "reload";
}
