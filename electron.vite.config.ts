import { resolve } from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

export default defineConfig({
  renderer: {
    root: resolve(import.meta.dirname, "renderer"),
    // Relative addresses: the page is served from a loopback port and from Electron's own scheme.
    base: "./",
    plugins: [react()],
    build: {
      outDir: resolve(import.meta.dirname, "out/renderer"),
      rollupOptions: { input: resolve(import.meta.dirname, "renderer/index.html") },
      minify: true,
    },
  },
});
