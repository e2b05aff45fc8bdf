// Packs every package and checks the tarballs as a user gets them: their files, the licenses of what is
// bundled, their manifests and types (publint, attw), loading every entry as ESM and CJS, compiling
// against their declarations.
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
  const optionalPeers = [`openai@${devDependencies.openai}`];
  await run(["npm", "install", "--no-audit", "--no-fund", ...tarballs, ...optionalPeers], {
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

async function loadEveryEntry() {
  const names = JSON.stringify(entryNames);
  write("load.mjs", `for (const name of ${names}) await import(name);\n`);
  write("load.cjs", `for (const name of ${names}) require(name);\n`);
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

/** Without Node's types and with `skipLibCheck` off: our declarations stand on their own. */
async function compileAsUser() {
  const imports = entryNames.map((name, index) => `import * as entry${index} from "${name}";`);
  const uses = entryNames.map((_, index) => `entry${index};`);
  const source = [...imports, ...uses, ""].join("\n");
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
