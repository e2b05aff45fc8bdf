// Runs the tests of JupyterExecutor against real servers, which it installs into the cache folder.
// What cannot be installed is not tested, and a line says so. Arguments go to vitest.
import { existsSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { virtualEnvironment } from "./virtual-environment.mjs";
import { cacheFolder, execute, root } from "./workspace.mjs";

const requirements = [
  "jupyter-server==2.21.1",
  "jupyter-kernel-gateway==3.0.1",
  "ipykernel==7.4.0",
  "bash_kernel==0.10.0",
];
const olderKernel = "ipykernel==6.31.0";

/** A folder that, put first on Python's path, makes the kernel an older one. */
async function olderKernelFolder(programs) {
  const folder = path.join(cacheFolder, "python-jupyter", "older-ipykernel");
  if (existsSync(folder)) return folder;
  const pip = [path.join(programs, "python"), "-m", "pip", "--disable-pip-version-check"];
  const install = [...pip, "install", "--quiet", "--no-deps", "--target", folder, olderKernel];
  const { code } = await execute(install);
  return code === 0 ? folder : undefined;
}

function skip(what, reason) {
  console.error(`\n*** NOT TESTED: ${what}: ${reason}\n`);
}

async function findTargets() {
  let programs;
  try {
    programs = await virtualEnvironment("python-jupyter", requirements);
  } catch (error) {
    skip("JupyterExecutor against real servers", error.message);
    return [];
  }
  const targets = [
    { name: "jupyter-server", kind: "server", programs },
    { name: "kernel gateway", kind: "kernel-gateway", programs },
  ];
  const older = await olderKernelFolder(programs);
  if (older === undefined) skip("ipykernel 6", "it cannot be installed");
  else targets.push({ name: "ipykernel 6", kind: "server", programs, pythonPath: older });
  return targets;
}

const targets = await findTargets();
if (targets.length > 0) {
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const configuration = ["--config", path.join(root, "vitest.jupyter.config.ts")];
  const { code } = await execute(
    [process.execPath, vitest, "run", ...configuration, ...process.argv.slice(2)],
    { env: { CODEACT_JUPYTER_TARGETS: JSON.stringify(targets) } },
  );
  process.exitCode = code;
}
