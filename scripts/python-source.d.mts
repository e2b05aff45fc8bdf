import type { Plugin } from "vite";

export const pythonSource: Plugin;
