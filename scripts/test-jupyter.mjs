// Runs the tests of JupyterExecutor against real servers, which it installs into the cache folder.
// What cannot be installed is not tested, and a line says so. Arguments go to vitest, but for
//   --fifty       fifty agents at one gateway instead of eight, and nothing else
//   --enterprise  the conformance suite with Enterprise Gateway and its local kernels, nothing else
import { existsSync } from "node:fs";
import path from "node:path";
import "./setup.mjs";
import { jupyterEnvironment } from "./jupyter-environment.mjs";
import { virtualEnvironment } from "./virtual-environment.mjs";
import { cacheFolder, execute, root } from "./workspace.mjs";

const olderKernel = "ipykernel==6.31.0";
/** It holds the server and the client at versions of its own. */
const enterpriseRequirements = ["jupyter-enterprise-gateway==3.3.0", "ipykernel==6.29.5"];

/** A folder that, put first on Python's path, makes the kernel an older one. */
async function olderKernelFolder(programs) {
  const folder = path.join(cacheFolder, "python-jupyter", "older-ipykernel");
  if (existsSync(folder)) return folder;
  const pip = [path.join(programs, "python"), "-m", "pip", "--disable-pip-version-check"];
  const install = [...pip, "install", "--quiet", "--no-deps", "--target", folder, olderKernel];
  const { code } = await execute(install);
  return code === 0 ? folder : undefined;
}

/** What an older server has: an older kernel, and websockets with JSON only. */
function olderServer(pythonPath) {
  return { pythonPath, options: ["--ZMQChannelsWebsocketConnection.kernel_ws_protocol="] };
}

/** Registers the kernel of Bash; says whether it is there. */
async function hasBashKernel(programs) {
  const spec = path.join(path.dirname(programs), "share", "jupyter", "kernels", "bash");
  if (existsSync(spec)) return true;
  const install = ["-m", "bash_kernel.install", "--sys-prefix"];
  const { code } = await execute([path.join(programs, "python"), ...install]);
  return code === 0;
}

function skip(what, reason) {
  console.error(`\n*** NOT TESTED: ${what}: ${reason}\n`);
}

async function findTargets() {
  let programs;
  try {
    programs = await jupyterEnvironment();
  } catch (error) {
    skip("JupyterExecutor against real servers", error.message);
    return [];
  }
  const hasBash = await hasBashKernel(programs);
  if (!hasBash) skip("kernels of other languages", "that of Bash cannot be installed");
  const targets = [
    { name: "jupyter-server", kind: "server", programs, hasBash },
    { name: "kernel gateway", kind: "kernel-gateway", programs },
  ];
  const older = await olderKernelFolder(programs);
  if (older === undefined) skip("ipykernel 6", "it cannot be installed");
  else targets.push({ name: "ipykernel 6", kind: "server", programs, ...olderServer(older) });
  return targets;
}

async function findEnterpriseTarget() {
  try {
    const programs = await virtualEnvironment("python-jupyter-enterprise", enterpriseRequirements);
    return [{ name: "enterprise gateway", kind: "enterprise-gateway", programs }];
  } catch (error) {
    skip("JupyterExecutor with Enterprise Gateway", error.message);
    return [];
  }
}

const given = process.argv.slice(2);
const isFifty = given.includes("--fifty");
const isEnterprise = given.includes("--enterprise");
const forVitest = given.filter((each) => each !== "--fifty" && each !== "--enterprise");
if (isFifty) forVitest.push("agents");
if (isEnterprise) forVitest.push("enterprise");
else forVitest.push("--exclude=**/conformance-enterprise.test.ts");

const targets = isEnterprise ? await findEnterpriseTarget() : await findTargets();
if (targets.length > 0) {
  const vitest = path.join(root, "node_modules", "vitest", "vitest.mjs");
  const configuration = ["--config", path.join(root, "vitest.jupyter.config.ts")];
  const { code } = await execute(
    [process.execPath, vitest, "run", ...configuration, ...forVitest],
    {
      env: {
        CODEACT_JUPYTER_TARGETS: JSON.stringify(targets),
        ...(isFifty ? { CODEACT_JUPYTER_AGENTS: "50" } : {}),
      },
    },
  );
  process.exitCode = code;
} else if (isEnterprise) {
  process.exitCode = 1;
}
