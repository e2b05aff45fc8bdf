import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { makeWheel } from "../make-wheel.js";

/**
 * What a server has for `packages` and `installFrom`: a distribution with the package `named`, an index with
 * `top`, which needs `needed`, the wheel `lone`, and one that is corrupt. Paths to contents.
 */
export function packageFiles(): Map<string, string | Uint8Array> {
  const wheelOf = (name: string, text: string, needs: string[] = []) =>
    makeWheel(name, "1.0", { [`${name}.py`]: text }, needs);
  const wheels = [
    wheelOf("top", "", ["needed>=1"]),
    wheelOf("needed", "value = 42\n"),
    wheelOf("lone", ""),
  ];
  const named = wheelOf("named", "");
  const entry = {
    name: "named",
    version: "1.0",
    file_name: named.fileName,
    depends: [],
    imports: ["named"],
    sha256: hashOf(named.content),
    install_dir: "site",
    package_type: "package",
    unvendored_tests: false,
  };
  const own = readFileSync(fileURLToPath(import.meta.resolve("pyodide/pyodide-lock.json")), "utf8");
  const { info } = JSON.parse(own) as { info: object };
  const lock = JSON.stringify({ info, packages: { named: entry } });
  const pages = wheels.map(({ fileName, content }) => {
    const link = `<a href="/files/${fileName}#sha256=${hashOf(content)}">${fileName}</a>`;
    return [`/simple/${fileName.split("-")[0]}/index.html`, link] as const;
  });
  return new Map<string, string | Uint8Array>([
    ["/distribution/pyodide-lock.json", lock],
    [`/distribution/${named.fileName}`, named.content],
    ...wheels.map(({ fileName, content }) => [`/files/${fileName}`, content] as const),
    ["/files/corrupt-1.0-py3-none-any.whl", "no archive"],
    ...pages,
  ]);
}

function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
