// Two files come out, resident.js and resident.css; the binary embeds both.
import { defineConfig } from "vite";

const banner = `/*! Resident (Apache-2.0). Contains Observable Plot, (c) 2020-2025 Observable, Inc., and D3,
(c) 2010-2026 Mike Bostock, under the ISC License: permission to use, copy, modify, and/or distribute them for
any purpose with or without fee is granted, provided that these notices appear in all copies. */`;

export default defineConfig({
  build: {
    outDir: "../build/web",
    emptyOutDir: true,
    target: "es2021",
    minify: "esbuild",
    lib: { entry: "src/main.ts", formats: ["iife"], name: "resident", fileName: () => "resident.js" },
    rollupOptions: { output: { banner, assetFileNames: "resident[extname]" } },
  },
});
