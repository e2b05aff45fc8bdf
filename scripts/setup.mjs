// Installs the workspace's dependencies when they are missing or older than the lockfile.
// Plain Node and nothing else: it runs on a bare clone.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync, utimesSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const marker = `${root}node_modules/.modules.yaml`;
const minimumNode = [20, 19];
const minimumPython = [3, 9];

function fail(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

function isAtLeast(version, minimum) {
  const [major, minor] = version.split(".").map(Number);
  return major > minimum[0] || (major === minimum[0] && minor >= minimum[1]);
}

function checkNode() {
  const { node } = process.versions;
  if (!isAtLeast(node, minimumNode)) {
    fail(`Node ${minimumNode.join(".")} or newer is needed, this is ${node}.`);
  }
}

function checkPython() {
  const { stdout, error } = spawnSync("python3", ["-I", "--version"], { encoding: "utf8" });
  const version = /Python (\d+\.\d+)/.exec(stdout ?? "")?.[1];
  if (error || version === undefined) {
    fail(`python3 ${minimumPython.join(".")} or newer is needed on PATH, none was found.`);
  }
  if (!isAtLeast(version, minimumPython)) {
    fail(`Python ${minimumPython.join(".")} or newer is needed, python3 is ${version}.`);
  }
}

function isInstalled() {
  if (!existsSync(marker)) return false;
  const inputs = ["pnpm-lock.yaml", "pnpm-workspace.yaml"];
  return inputs.every((file) => statSync(root + file).mtimeMs <= statSync(marker).mtimeMs);
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, "utf8"));
  const { status, error } = spawnSync(
    "npx",
    ["--yes", packageManager, "install", "--frozen-lockfile"],
    { cwd: root, stdio: ["ignore", "inherit", "inherit"], shell: process.platform === "win32" },
  );
  if (status !== 0) {
    fail(`installing the dependencies failed (${error?.message ?? `exit code ${status}`}).`);
  }
  const now = new Date();
  utimesSync(marker, now, now);
}

checkNode();
checkPython();
if (!isInstalled()) install();
