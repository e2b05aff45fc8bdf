import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const runtime = fileURLToPath(new URL("../src/runtime", import.meta.url));

const program = `
import ast, pathlib, sys
found = set()
for path in pathlib.Path(sys.argv[1]).rglob("*.py"):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
print(*sorted(found - set(sys.stdlib_module_names)))
`;

const isListed = `import sys; print(hasattr(sys, "stdlib_module_names"))`;
const canTell = execFileSync("python3", ["-I", "-c", isListed], { encoding: "utf8" }) === "True\n";
if (!canTell) console.warn("SKIPPED: only Python 3.10 and newer list their standard library.");

it.runIf(canTell)("the runtime imports nothing but the standard library and itself", () => {
  const python = ["-I", "-c", program, runtime];
  const others = execFileSync("python3", python, { encoding: "utf8" }).trim().split(" ");
  expect(others).toEqual(["codeact_pyodide", "codeact_remote", "codeact_runtime"]);
});
