import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

const inHouse = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      outDir: inHouse("out/main"),
      rollupOptions: { input: inHouse("main/shells/electron/main.ts") },
    },
  },
  preload: {
    build: {
      outDir: inHouse("out/preload"),
      // A sandboxed preload script can only be CommonJS, in one file.
      rollupOptions: {
        input: inHouse("preload/preload.ts"),
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: inHouse("renderer"),
    // Relative addresses: the page is served from a loopback port and from Electron's own scheme.
    base: "./",
    plugins: [react()],
    build: {
      outDir: inHouse("out/renderer"),
      rollupOptions: { input: inHouse("renderer/index.html") },
      minify: true,
      // One file, with the page itself: a style sheet that broke off is not asked for again.
      cssCodeSplit: false,
    },
  },
});
