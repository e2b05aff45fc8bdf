import type { Plugin } from "esbuild";

export const workerProgramPlugin: Plugin;
