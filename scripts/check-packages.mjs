// Packs every package and checks the tarballs as a user gets them: their files, the licenses of what is
// bundled, their manifests and types (publint, attw), loading every entry as ESM and CJS, compiling
// against their declarations, whose types are inferred as from the sources.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import "./build.mjs";
import { licensesFile, packageFolderOf } from "./third-party-licenses.mjs";
import { entriesOf, packages, pnpm, readJson, run, tool } from "./workspace.mjs";

const project = mkdtempSync(path.join(tmpdir(), "codeact-packages-"));
const entryNames = packages.flatMap(entriesOf).map(({ name }) => name);

function assert(condition, message) {
  if (!condition) throw new Error(message);
}

function write(name, content) {
  writeFileSync(path.join(project, name), content);
}

async function pack({ folder, manifest }) {
  const tarball = path.join(project, `${manifest.name.replace("@codeact/", "")}.tgz`);
  await run(pnpm("pack", "--out", tarball), { cwd: folder, capture: true });
  return tarball;
}

async function checkTarball(tarball) {
  const listing = await run(["tar", "-tzf", tarball], { capture: true });
  const files = listing.trim().split("\n");
  for (const required of ["package.json", "README.md", "LICENSE"]) {
    assert(files.includes(`package/${required}`), `${tarball} lacks ${required}`);
  }
  const allowed = /^package\/(dist\/[^/]+|package\.json|README\.md|LICENSE)$/;
  const extra = files.filter((file) => !allowed.test(file));
  assert(extra.length === 0, `${tarball} contains ${extra.join(", ")}`);

  await run(tool("publint", "run", tarball, "--strict"), { capture: true });
  // "node16" leaves out the resolution of Node 10, which knows no sub-paths.
  await run(tool("attw", tarball, "--profile", "node16", "--format", "ascii"), { capture: true });
  console.log(`${path.basename(tarball)}: ${files.length} files, publint and attw pass`);
}

async function installAsUser(tarballs) {
  write("package.json", JSON.stringify({ private: true, type: "module" }));
  const { devDependencies } = readJson("packages", "models", "package.json");
  const otherZod = readJson("packages", "core", "package.json").devDependencies["zod-4-0"];
  const others = [`openai@${devDependencies.openai}`, `zod-4-0@${otherZod}`];
  await run(["npm", "install", "--no-audit", "--no-fund", ...tarballs, ...others], {
    cwd: project,
    capture: true,
  });
}

/** What the source maps name of other packages has its license beside it. */
function checkLicenses({ manifest }) {
  const dist = path.join(project, "node_modules", manifest.name, "dist");
  const maps = readdirSync(dist).filter((file) => file.endsWith(".map"));
  const sources = maps.flatMap(
    (file) => JSON.parse(readFileSync(path.join(dist, file), "utf8")).sources,
  );
  const folders = sources.map(packageFolderOf).filter((folder) => folder !== undefined);
  const bundled = new Set(folders.map((folder) => folder.split("node_modules/").at(-1)));
  const file = path.join(dist, licensesFile);
  const licenses = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  for (const name of bundled) {
    const hasLicense = licenses.some((line) => line.startsWith(`${name} `));
    assert(hasLicense, `${manifest.name} bundles ${name}, without its license`);
  }
  if (bundled.size > 0) console.log(`${manifest.name} bundles ${[...bundled].join(", ")}`);
}

function checkManifest({ manifest }) {
  const installed = readFileSync(
    path.join(project, "node_modules", manifest.name, "package.json"),
    "utf8",
  );
  for (const leak of ["@codeact/source", "workspace:", "./src/"]) {
    assert(!installed.includes(leak), `the published manifest of ${manifest.name} has "${leak}"`);
  }
}

/** Each entry exports the values that are listed, and no others. */
async function loadEveryEntry() {
  const listed = Object.entries(readJson("scripts", "public-api.json")).map(([name, exported]) => [
    name,
    exported.filter((each) => !each.startsWith("type ")),
  ]);
  const check = (load) => `
    for (const [name, listed] of ${JSON.stringify(listed)}) {
      const exported = Object.keys(${load}(name)).sort().join();
      if (exported !== listed.sort().join()) throw new Error(name + " exports " + exported);
    }`;
  write("load.mjs", check("await import"));
  write("load.cjs", check("require"));
  await run([process.execPath, "load.mjs"], { cwd: project });
  await run([process.execPath, "load.cjs"], { cwd: project });
}

/** The programs that the packages bring, as `npx` would start them. */
async function runEveryProgram() {
  const programs = packages.flatMap(({ manifest }) => Object.keys(manifest.bin ?? {}));
  for (const program of programs) {
    const file = path.join(project, "node_modules", ".bin", program);
    await run([file, "--help"], { cwd: project, capture: true });
  }
}

/** Types of tools and answers come from the schema, by either zod; a wrong input does not compile. */
const inference = ["zod", "zod-4-0"].map(
  (zod, index) => `
import { Agent as Agent${index}, tool as tool${index} } from "@codeact/core";
import { z as z${index} } from "${zod}";
const double${index} = tool${index}({
  name: "double",
  description: "Doubles.",
  inputSchema: z${index}.object({ value: z${index}.number() }),
  execute: ({ value }) => value * 2,
});
tool${index}({
  name: "wrong",
  description: "Takes a number for a text.",
  inputSchema: z${index}.object({ value: z${index}.number() }),
  // @ts-expect-error
  execute: ({ value }: { value: string }) => value,
});
export async function answer${index}(model: Model): Promise<number> {
  const outputSchema = z${index}.object({ sum: z${index}.number() });
  const agent = new Agent${index}({ model, tools: [double${index}], outputSchema });
  const result = await agent.run("Add.");
  return result.status === "answered" ? result.output.sum : 0;
}`,
);

/** Without Node's types and with `skipLibCheck` off: our declarations stand on their own. */
async function compileAsUser() {
  const imports = entryNames.map((name, index) => `import * as entry${index} from "${name}";`);
  const uses = entryNames.map((_, index) => `entry${index};`);
  const model = 'import type { Model } from "@codeact/core";';
  const source = [...imports, ...uses, model, ...inference, ""].join("\n");
  write("consumer.ts", source);
  write("consumer.cts", source);
  const options = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: "es2022",
    lib: ["es2022", "dom", "dom.iterable"],
  };
  const resolutions = {
    nodenext: { module: "nodenext" },
    bundler: { module: "preserve", moduleResolution: "bundler" },
  };
  for (const [name, resolution] of Object.entries(resolutions)) {
    const files = ["consumer.ts", ...(name === "nodenext" ? ["consumer.cts"] : [])];
    const compilerOptions = { ...options, ...resolution };
    write(`tsconfig.${name}.json`, JSON.stringify({ compilerOptions, files }));
    await run(tool("tsc", "-p", `tsconfig.${name}.json`), { cwd: project });
  }
}

try {
  const tarballs = await Promise.all(packages.map(pack));
  for (const tarball of tarballs) await checkTarball(tarball);
  await installAsUser(tarballs);
  packages.forEach(checkManifest);
  packages.forEach(checkLicenses);
  await loadEveryEntry();
  await runEveryProgram();
  await compileAsUser();
  console.log(`${entryNames.length} entries load as ESM and CJS and compile`);
} finally {
  rmSync(project, { recursive: true, force: true });
}
