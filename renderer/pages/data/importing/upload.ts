import { MAX_UPLOAD_BYTES, UPLOAD_PATH } from "../../../../contract/data.ts";
import type { Problem } from "../../../../contract/problem.ts";

/** A file on its way to the core, or there. */
export type Upload = {
  readonly id: number;
  readonly name: string;
  readonly bytes: number;
  /** Of its bytes. */
  readonly fraction: number;
  readonly path: string | null;
  readonly problem: Problem | null;
};

type Handing = { onProgress: (fraction: number) => void; signal: AbortSignal };

/**
 * Where the core can read a file that was dropped or chosen: its own place where the shell knows
 * it (Electron), else a copy in the workspace, sent there over loopback.
 *
 * @throws the problem that the core answered with
 */
export async function handOver(file: File, { onProgress, signal }: Handing): Promise<string> {
  const place = window.breadthflow?.pathForFile(file);
  if (place) return place;
  if (file.size > MAX_UPLOAD_BYTES) throw tooLarge(file);
  return await new Promise((resolve, reject) => {
    // fetch cannot tell how much of a body has been sent.
    const request = new XMLHttpRequest();
    request.open("POST", `${UPLOAD_PATH}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 201) resolve(request.response.path);
      else reject(request.response?.problem ?? brokenOff(file));
    };
    request.onerror = () => reject(brokenOff(file));
    request.onabort = () => reject(brokenOff(file));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function tooLarge(file: File): Problem {
  return {
    code: "upload.too_large",
    detail: `${file.name} is larger than ${MAX_UPLOAD_BYTES / 1024 ** 3} GB.`,
    hint: "Type or paste its path instead: it is then read where it is.",
  };
}

function brokenOff(file: File): Problem {
  return {
    code: "upload.broken_off",
    detail: `${file.name} did not arrive.`,
    hint: "Drop it again, or type its path: it is then read where it is.",
  };
}
