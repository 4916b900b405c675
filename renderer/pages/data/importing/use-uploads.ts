import { useCallback, useEffect, useRef, useState } from "react";
import { handOver, type Upload } from "./upload.ts";

let nextId = 1;

/** Files that were dropped or chosen, on their way to where the core can read them. */
export function useUploads(): {
  uploads: readonly Upload[];
  add: (files: readonly File[]) => void;
  remove: (id: number) => void;
  clear: () => void;
} {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const stops = useRef(new Map<number, AbortController>());

  const update = useCallback((id: number, news: Partial<Upload>) => {
    setUploads((all) => all.map((one) => (one.id === id ? { ...one, ...news } : one)));
  }, []);
  const remove = useCallback((id: number) => {
    stops.current.get(id)?.abort();
    stops.current.delete(id);
    setUploads((all) => all.filter((one) => one.id !== id));
  }, []);
  const clear = useCallback(() => {
    for (const stop of stops.current.values()) stop.abort();
    stops.current.clear();
    setUploads([]);
  }, []);
  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        const id = nextId++;
        const stop = new AbortController();
        stops.current.set(id, stop);
        const { name, size: bytes } = file;
        setUploads((all) => [...all, { id, name, bytes, fraction: 0, path: null, problem: null }]);
        handOver(file, {
          signal: stop.signal,
          onProgress: (fraction) => update(id, { fraction }),
        }).then(
          (path) => update(id, { path, fraction: 1 }),
          (problem) => update(id, { problem }),
        );
      }
    },
    [update],
  );
  // A window that is left sends no more.
  useEffect(() => {
    const running = stops.current;
    return () => {
      for (const stop of running.values()) stop.abort();
    };
  }, []);
  return { uploads, add, remove, clear };
}
