import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";

/** What the built renderer is made of; nothing else is ever served. */
const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** No script but ours, no evaluated text, no other server, no frame around it. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "object-src 'none'",
  "frame-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

export type StaticFile = { body: Buffer<ArrayBuffer>; headers: Record<string, string> };

/** A file of `folder` by its path in the address, with its headers; null where there is none. */
export async function staticFile(folder: string, pathname: string): Promise<StaticFile | null> {
  const path = pathname === "/" ? "index.html" : decodedPath(pathname);
  const type = path === null ? undefined : TYPES[extname(path)];
  if (path === null || type === undefined) return null;
  const file = await fileInside(folder, path);
  const body = file && (await readFile(file).catch(() => null));
  if (!body) return null;
  const headers = {
    "content-type": type,
    "content-length": String(body.byteLength),
    // The names of assets carry the hash of what they hold; the page that names them does not.
    "cache-control": path.startsWith("assets/") ? "max-age=31536000, immutable" : "no-store",
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
  return { body, headers };
}

/** The file itself: neither `..` nor a link leads out of the folder. */
async function fileInside(folder: string, path: string): Promise<string | null> {
  try {
    const file = await realpath(join(folder, path));
    return file.startsWith((await realpath(folder)) + sep) ? file : null;
  } catch {
    return null;
  }
}

/** The path relative to the folder, or null where its percent-encoding is broken or hides a zero. */
function decodedPath(pathname: string): string | null {
  try {
    const path = decodeURIComponent(pathname).replace(/^\/+/, "");
    return path.includes("\0") ? null : path;
  } catch {
    return null;
  }
}
