// Untrusted code without a container: the strict sandbox refuses what the code has no business with.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Agent, CodeActError } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PythonExecutor } from "@codeact/executors/python";

// A page that it has read told this model what to write.
const model = new ScriptedModel([
  `<execute>
import os, subprocess, urllib.request

def attempt(what, action):
    try:
        print(f"{what}: {action()!r}")
    except Exception as error:
        print(f"{what}: {type(error).__name__}")

attempt("read a key", lambda: open(os.environ.get("KEY_FILE", "/root/.ssh/id_ed25519")).read())
attempt("look at the host", lambda: [pid for pid in os.listdir("/proc") if pid.isdigit() and int(pid) > 50])
attempt("call home", lambda: urllib.request.urlopen("http://127.0.0.1:1/").read())
attempt("stay", lambda: open("/etc/cron.d/stay", "w").write("* * * * * root true"))
attempt("become root", lambda: os.setuid(0))
attempt("work", lambda: subprocess.run(["sh", "-c", "seq 3 | wc -l"], capture_output=True, text=True).stdout)
</execute>`,
  "Only the work went through.",
]);

const folder = await mkdtemp(path.join(tmpdir(), "codeact-key-"));
const key = path.join(folder, "key");
await writeFile(key, "a secret of the host");
const executor = new PythonExecutor({
  sandbox: "strict",
  env: { KEY_FILE: key },
  memoryMb: 1024,
  maxProcesses: 32,
});
try {
  const session = await new Agent({ model, executor }).session();
  const { isolation } = session.interpreter.capabilities;
  console.log("Enforced:", isolation.map((part) => `\n- ${part}`).join(""));
  let output = "";
  for await (const event of session.stream("Summarise this page.")) {
    if (event.type === "output" && event.output.type === "text") output += event.output.text;
  }
  await session.close();
  console.log(output);
  assert.match(output, /^read a key: FileNotFoundError\nlook at the host: \[\]\n/);
  assert.match(output, /\nbecome root: OSError\nwork: '3\\n'\n$/);
} catch (error) {
  // Not every machine allows it: a container's own filter, or another system. It says what is missing.
  if (!(CodeActError.isInstance(error) && error.code === "sandbox")) throw error;
  console.log(error.message);
} finally {
  await executor.close();
  await rm(folder, { recursive: true });
}
