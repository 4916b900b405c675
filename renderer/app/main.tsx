import "@mantine/core/styles.css";
import "@mantine/notifications/styles.css";
import "@mantine/spotlight/styles.css";
import "./global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { fetched } from "../parts/fetched.ts";
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
  // The socket opens on import, and needs the session.
  const { App } = await fetched(() => import("./app.tsx"));
  return <App />;
}
