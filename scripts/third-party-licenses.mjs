// What is bundled into a package brings its licence along: `dist/THIRD-PARTY-LICENSES.txt`, made while
// the package is built, from what the bundles hold.
import { mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import path from "node:path";

export const licensesFile = "THIRD-PARTY-LICENSES.txt";

const licenseName = /^(licen[cs]e|copying|notice)/i;
const inPackage = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;

/** The folder of the installed package that a file belongs to; `undefined` for our own files. */
export function packageFolderOf(file) {
  return inPackage.exec(file.replaceAll("\\", "/"))?.[0];
}

function readLicenses(folder) {
  const { name, version } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => licenseName.test(file));
  if (files.length === 0) throw new Error(`${name} is bundled, and has no file with its license`);
  const texts = files.sort().map((file) => readFileSync(path.join(folder, file), "utf8").trim());
  return `${name} ${version}\n\n${texts.join("\n\n")}\n`;
}

/** The plugin for esbuild and tsup; `copied` are packages whose declarations are copied into ours. */
export function thirdPartyLicensesPlugin(copied) {
  return {
    name: "third-party-licenses",
    setup(build) {
      build.onEnd(({ metafile }) => {
        const files = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) =>
          Object.keys(inputs),
        );
        const folders = [
          ...copied.map((name) => realpathSync(path.join("node_modules", name))),
          ...files.map(packageFolderOf).filter((folder) => folder !== undefined),
        ].map((folder) => path.resolve(folder));
        if (folders.length === 0) return;
        const texts = [...new Set(folders)].map(readLicenses).sort();
        const separator = `\n${"-".repeat(80)}\n\n`;
        mkdirSync("dist", { recursive: true });
        writeFileSync(path.join("dist", licensesFile), texts.join(separator));
      });
    },
  };
}
