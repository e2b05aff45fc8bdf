import { spawnSync } from "node:child_process";
import type { Interpreter } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { shown, startPython } from "../../test/start-python.js";

async function value(python: Interpreter, code: string): Promise<string> {
  const result = await python.execute(code);
  expect(result.status, JSON.stringify(result.error)).toBe("ok");
  return String(shown(result));
}

async function forkTwice(python: Interpreter): Promise<Interpreter[]> {
  const branches = [await python.fork?.(), await python.fork?.()];
  return branches.filter((branch) => branch !== undefined);
}

/** What an expression gives in a source and two branches of it. */
async function inThree(python: Interpreter, code: string): Promise<string[]> {
  const values: string[] = [];
  for (const each of [python, ...(await forkTwice(python))]) values.push(await value(each, code));
  expect(values).toHaveLength(3);
  return values;
}

function isInstalled(module: string): boolean {
  return spawnSync("python3", ["-c", `import ${module}`], { stdio: "ignore" }).status === 0;
}

const distinct = (values: readonly string[]) => new Set(values).size;

describe("in branches", () => {
  it("uuid, secrets and tempfile give other values", async () => {
    const python = await startPython();
    await python.execute("import uuid, secrets, tempfile; uuid.uuid4(), uuid.uuid1()");
    await python.execute("tempfile.mktemp()");
    const code = "uuid.uuid4(), uuid.uuid1(), secrets.token_hex(), tempfile.mktemp()";
    const rows = (await inThree(python, code)).map((row) => row.split(", "));
    for (const column of [0, 1, 2, 3]) {
      expect(distinct(rows.map((row) => String(row[column])))).toBe(3);
    }
  });

  it.skipIf(!isInstalled("numpy"))("numpy's generators behave, preloaded or not", async () => {
    for (const preload of [[], ["numpy"]]) {
      const python = await startPython({ preload });
      await python.execute(
        "import numpy as np\nnp.random.seed(1)\nown = np.random.default_rng(1)\ndata = np.arange(1_000_000)",
      );
      expect(distinct(await inThree(python, "np.random.random()"))).toBe(3);
      expect(distinct(await inThree(python, "own.random()"))).toBe(1);
      expect(distinct(await inThree(python, "np.random.default_rng().random()"))).toBe(3);
      const [branch] = await forkTwice(python);
      if (branch === undefined) throw new Error("fork() is missing");
      await branch.execute("data += 1");
      expect(await value(branch, "int(data[0])")).toBe("1");
      expect(await value(python, "int(data[0])")).toBe("0");
      // Uses the native threads of its linear algebra, which a fork does not copy.
      const product = "m = np.ones((300, 300)); int((m @ m)[0, 0])";
      expect(await value(python, product)).toBe("300");
      expect(await inThree(python, product)).toEqual(["300", "300", "300"]);
    }
  });

  it.skipIf(!isInstalled("matplotlib"))("matplotlib draws, each its own figure", async () => {
    const python = await startPython();
    const draw = "import matplotlib.pyplot as plt\nline, = plt.plot([1, 2, 3])\nNone";
    const isImage = async (each: Interpreter, code: string) => {
      const { outputs } = await each.execute(code);
      return outputs.some((output) => output.type === "display" && "image/png" in output.data);
    };
    expect(await isImage(python, draw)).toBe(true);
    await python.execute("import io; kept = plt.figure(); plt.plot([1]); plt.close(kept)");
    for (const each of [python, ...(await forkTwice(python))]) {
      expect(await isImage(each, draw)).toBe(true);
      expect(await value(each, "plt.get_fignums()")).toBe("[]");
      expect(await value(each, "kept.savefig(io.BytesIO()); len(kept.axes)")).toBe("1");
    }
  });
});
