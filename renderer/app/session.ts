/**
 * Exchanges the token in the page's address for a session cookie, and removes it from the address:
 * a fragment is never sent to a server, and so ends in no log; afterwards it is in no history.
 */
export async function openSession(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", `${location.pathname}#/`);
  await fetch("/session", { method: "POST", body: token });
}
