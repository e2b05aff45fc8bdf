// Installs the workspace's dependencies when they are missing or older than the lockfile.
// Plain Node and nothing else: it runs on a bare clone.
import { spawnSync } from "node:child_process";
import { existsSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { pnpm, root, run } from "./workspace.mjs";

const minimumNode = "20.19";
const minimumPython = "3.9";
const marker = path.join(root, "node_modules", ".modules.yaml");

function requireVersion(program, version, minimum) {
  const [major, minor] = version.split(".").map(Number);
  const [minimumMajor, minimumMinor] = minimum.split(".").map(Number);
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) return;
  console.error(`setup: ${program} ${minimum} or newer is needed; found ${version}.`);
  process.exit(1);
}

function pythonVersion() {
  const { stdout } = spawnSync("python3", ["-I", "--version"], { encoding: "utf8" });
  return /Python (\S+)/.exec(stdout ?? "")?.[1] ?? "none on PATH";
}

function isInstalled() {
  if (!existsSync(marker)) return false;
  const installed = statSync(marker).mtimeMs;
  return ["pnpm-lock.yaml", "pnpm-workspace.yaml"].every(
    (file) => statSync(path.join(root, file)).mtimeMs <= installed,
  );
}

requireVersion("Node", process.versions.node, minimumNode);
requireVersion("python3", pythonVersion(), minimumPython);
if (!isInstalled()) {
  await run(pnpm("install", "--frozen-lockfile"));
  const now = new Date();
  utimesSync(marker, now, now);
}
