import type { Plugin } from "esbuild";

export declare const licensesFile: string;
export declare function packageFolderOf(file: string): string | undefined;
export declare function thirdPartyLicensesPlugin(copied: readonly string[]): Plugin;
