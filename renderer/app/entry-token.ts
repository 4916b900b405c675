/**
 * The token in the page's address, taken out of it at once: before anybody can lead the page
 * elsewhere, which would lose it. A fragment is never sent to a server, and so ends in no log;
 * afterwards it is in no history.
 */
export const entryToken = new URLSearchParams(location.hash.slice(1)).get("token");

if (entryToken) history.replaceState(null, "", `${location.pathname}#/`);
