import { join } from "node:path";
import { protocol } from "electron";
import { PRODUCT_FOLDER } from "../../product-folder.ts";
import { staticFile } from "../web/static-files.ts";

/** A scheme of our own has an origin that no web page can have, and no file of the disk either. */
const SCHEME = "app";
const HOST = "workbench";
export const PAGE = `${SCHEME}://${HOST}/`;

/** Before the app is ready: afterwards Chromium has read what each scheme may. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the built screens as the web shell does, with the same headers. */
export function serveScreens(): void {
  const renderer = join(PRODUCT_FOLDER, "out", "renderer");
  protocol.handle(SCHEME, async (request) => {
    const { host, pathname } = new URL(request.url);
    const ours = host === HOST && request.method === "GET";
    const file = ours ? await staticFile(renderer, pathname) : null;
    if (!file) return new Response("There is nothing here.", { status: 404 });
    return new Response(file.body, { headers: file.headers });
  });
}

/** Whether an address is a page of ours, whatever its path and fragment. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${SCHEME}:` && url.host === HOST;
}
