import { fetched } from "../parts/fetched.ts";
import { entryToken } from "./entry-token.ts";

/** Why a window cannot show a workspace: what happened, and what to do. */
export type Refusal = { detail: string; hint: string };

const HINT =
  "Open the address that `npm start` prints: it ends in #token=… and opens this workspace. " +
  "If the workbench was closed meanwhile, `npm start` opens it again.";

/**
 * Exchanges the token in the page's address for a session cookie.
 *
 * @returns why there is no session, or null where there is one
 */
export async function openSession(): Promise<Refusal | null> {
  try {
    if (entryToken) {
      const { ok } = await fetched(() => fetch("/session", { method: "POST", body: entryToken }));
      if (ok || (await fetched(hasSession))) return null;
      return { detail: "The token in this address is not the one of this workspace.", hint: HINT };
    }
    if (await fetched(hasSession)) return null;
    return { detail: "This window has no access to the workspace, or no longer.", hint: HINT };
  } catch {
    return { detail: "The workbench does not answer.", hint: "Start it with `npm start`." };
  }
}

/** Whether the core knows this browser; an owner that was started anew does not. */
export async function hasSession(): Promise<boolean> {
  return (await fetch("/session")).ok;
}
