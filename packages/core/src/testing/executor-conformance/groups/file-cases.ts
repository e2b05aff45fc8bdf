import type { Interpreter } from "../../../executor/executor.js";
import type { WorkspaceFiles } from "../../../executor/workspace-files.js";
import { check, checkEqual, checkRejects, checkStatus, settles } from "../assertions.js";
import { evaluate, lines } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";
import { gate, ToolHost, value } from "../tool-host.js";

const text = (data: Uint8Array) => new TextDecoder().decode(data);

async function* pieces(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield new Uint8Array(size).fill(index);
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: number[] = [];
  for await (const part of stream) for (const byte of part) parts.push(byte);
  return new Uint8Array(parts);
}

const operations: [string, (files: WorkspaceFiles, path: string) => Promise<unknown>][] = [
  ["read", (files, path) => files.read(path)],
  ["write", (files, path) => files.write(path, "x")],
  ["readStream", (files, path) => collect(files.readStream(path))],
  ["writeStream", (files, path) => files.writeStream(path, pieces(1, 1))],
  ["list", (files, path) => files.list(path)],
  ["remove", (files, path) => files.remove(path)],
];

function escapeCase(path: string): ConformanceCase {
  return {
    name: `refuse the path ${JSON.stringify(path)}`,
    async run(context) {
      const { files } = await context.shared();
      for (const [operation, act] of operations) {
        await checkRejects(settles(act(files, path), operation), "workspace-file", operation);
      }
    },
  };
}

/** Makes links out of the workspace; `false` where the platform has none. */
async function makeLinks(interpreter: Interpreter): Promise<boolean> {
  const made = await evaluate(
    interpreter,
    lines(
      "import os",
      "outside = os.path.realpath(os.path.join(os.getcwd(), '..'))",
      "try:",
      "    os.symlink(outside, 'out')",
      "    os.symlink(os.path.join(outside, 'codeact-no-such-file'), 'dangling')",
      "    os.symlink(os.path.realpath(os.__file__), 'library')",
      "    made = True",
      "    library_exists = os.path.exists(os.__file__)",
      "except (AttributeError, NotImplementedError, OSError):",
      "    made = False",
      "made",
    ),
  );
  return made === "True";
}

/** The workspace, from the host and from Python. */
export const fileGroup: ConformanceGroup = {
  name: "files",
  cases: [
    {
      name: "written by the host are read by Python",
      async run(context) {
        const interpreter = await context.shared();
        await interpreter.files.write("in.txt", "é\n");
        await interpreter.files.write("deep/er/in.bin", new Uint8Array([0, 255]));
        const found = await evaluate(
          interpreter,
          "(open('in.txt', encoding='utf-8').read(), open('deep/er/in.bin', 'rb').read())",
        );
        checkEqual(found, "('é\\n', b'\\x00\\xff')", "contents");
      },
    },
    {
      name: "written by Python are read by the host",
      async run(context) {
        const interpreter = await context.shared();
        checkStatus(
          await interpreter.execute(
            "import os\nos.makedirs('made', exist_ok=True)\nwith open('made/out.bin', 'wb') as f:\n    _ = f.write(b'\\x00\\xfe')",
          ),
          "ok",
        );
        checkEqual(await interpreter.files.read("made/out.bin"), new Uint8Array([0, 254]), "bytes");
      },
    },
    {
      name: "are replaced as a whole",
      async run(context) {
        const { files } = await context.shared();
        await files.write("replace.txt", "a long text");
        await files.write("replace.txt", "short");
        checkEqual(text(await files.read("replace.txt")), "short", "content");
        await files.write("replace.txt", "");
        checkEqual((await files.read("replace.txt")).length, 0, "length of an empty file");
      },
    },
    {
      name: "are listed with sizes, sorted",
      async run(context) {
        const { files } = await context.fresh();
        await files.write("b/c/d.txt", "12");
        await files.write("a.txt", "1");
        await files.write("b/e", "");
        checkEqual(
          await files.list(),
          [
            { path: "a.txt", type: "file", size: 1 },
            { path: "b", type: "directory", size: 0 },
            { path: "b/c", type: "directory", size: 0 },
            { path: "b/c/d.txt", type: "file", size: 2 },
            { path: "b/e", type: "file", size: 0 },
          ],
          "whole workspace",
        );
        checkEqual(
          (await files.list("b")).map((entry) => entry.path),
          ["b/c", "b/c/d.txt", "b/e"],
          "one directory",
        );
      },
    },
    {
      name: "begin with an empty workspace that is the working directory",
      async run(context) {
        const interpreter = await context.fresh();
        checkEqual(await interpreter.files.list(), [], "entries");
        await interpreter.files.write("here", "");
        checkEqual(
          await evaluate(interpreter, "import os\nos.listdir()"),
          "['here']",
          "os.listdir()",
        );
      },
    },
    {
      name: "are removed, directories as a whole",
      async run(context) {
        const { files } = await context.fresh();
        await files.write("gone/a/b", "1");
        await files.write("gone.txt", "1");
        await files.write("stays", "1");
        await files.remove("gone");
        await files.remove("gone.txt");
        checkEqual(
          (await files.list()).map((entry) => entry.path),
          ["stays"],
          "entries",
        );
      },
    },
    {
      name: "stream in both directions",
      async run(context) {
        const { files } = await context.shared();
        await files.writeStream("streams/s.bin", pieces(10, 100_000));
        const whole = await files.read("streams/s.bin");
        checkEqual([whole.length, whole[0], whole[999_999]], [1_000_000, 0, 9], "content");
        let sum = 0;
        let count = 0;
        for await (const piece of files.readStream("streams/s.bin")) {
          sum += piece.length;
          count += 1;
        }
        checkEqual(sum, 1_000_000, "streamed bytes");
        check(count > 1, "the stream came in one piece");
      },
    },
    {
      name: "may be left half read",
      async run(context) {
        const { files } = await context.shared();
        await files.write("half.bin", new Uint8Array(1_000_000));
        for await (const piece of files.readStream("half.bin")) {
          check(piece.length > 0, "an empty piece");
          break;
        }
        await files.remove("half.bin");
      },
    },
    {
      name: "may have odd names",
      async run(context) {
        const interpreter = await context.fresh();
        for (const name of ["with space.txt", "ünï🙂", "-dash", "a'b\"c", "..dots", "$(echo)"]) {
          await interpreter.files.write(name, name);
          checkEqual(text(await interpreter.files.read(name)), name, name);
        }
        checkEqual((await interpreter.files.list()).length, 6, "entries");
      },
    },
    {
      name: "can be imported",
      async run(context) {
        const interpreter = await context.shared();
        await interpreter.files.write("file_module.py", "answer = 42\n");
        checkEqual(
          await evaluate(interpreter, "import file_module\nfile_module.answer"),
          "42",
          "value",
        );
      },
    },
    {
      name: "that are missing are refused",
      async run(context) {
        const { files } = await context.shared();
        for (const [operation, act] of operations) {
          if (operation.startsWith("write")) continue;
          await checkRejects(act(files, "no/such/file"), "workspace-file", operation);
        }
      },
    },
    {
      name: "and directories are not confused",
      async run(context) {
        const { files } = await context.shared();
        await files.write("kind/file", "x");
        await checkRejects(files.read("kind"), "workspace-file", "read of a directory");
        await checkRejects(files.write("kind", "x"), "workspace-file", "write to a directory");
        await checkRejects(files.write("kind/file/x", "x"), "workspace-file", "write below a file");
        checkEqual(text(await files.read("kind/file")), "x", "content");
      },
    },
    escapeCase("../codeact-escape"),
    escapeCase("a/../../codeact-escape"),
    escapeCase("/tmp/codeact-escape"),
    escapeCase("nul\0byte"),
    {
      name: "follow no link out of the workspace",
      async run(context) {
        const interpreter = await context.fresh();
        if (!(await makeLinks(interpreter))) return;
        const { files } = interpreter;
        await checkRejects(files.read("library"), "workspace-file", "read of a linked file");
        await checkRejects(
          collect(files.readStream("library")),
          "workspace-file",
          "stream of a linked file",
        );
        await checkRejects(files.list("out"), "workspace-file", "list of a linked directory");
        await checkRejects(
          files.write("out/codeact-escape", "x"),
          "workspace-file",
          "write below a link",
        );
        await checkRejects(
          files.write("dangling", "x"),
          "workspace-file",
          "write through a dangling link",
        );
        await checkRejects(
          files.writeStream("dangling", pieces(1, 1)),
          "workspace-file",
          "stream through a dangling link",
        );
        const escaped = await evaluate(
          interpreter,
          "[os.path.exists(os.path.join(outside, n)) for n in ('codeact-escape', 'codeact-no-such-file')]",
        );
        checkEqual(escaped, "[False, False]", "files outside");
      },
    },
    {
      name: "list no directory behind a link, and remove no target",
      async run(context) {
        const interpreter = await context.fresh();
        if (!(await makeLinks(interpreter))) return;
        const { files } = interpreter;
        const below = (await files.list()).filter((entry) => entry.path.startsWith("out/"));
        checkEqual(below, [], "entries behind the link");
        await Promise.allSettled([files.remove("library"), files.remove("out")]);
        checkEqual(
          await evaluate(
            interpreter,
            "[os.path.exists(os.__file__) == library_exists, os.path.isdir(outside)]",
          ),
          "[True, True]",
          "targets",
        );
      },
    },
    {
      name: "that never end do not hang the host",
      async run(context) {
        const interpreter = await context.fresh();
        const made = await evaluate(
          interpreter,
          "import os\nhasattr(os, 'mkfifo') and os.mkfifo('pipe') is None",
        );
        if (made !== "True") return;
        await checkRejects(
          settles(interpreter.files.read("pipe"), "read of a pipe"),
          "workspace-file",
          "read of a pipe",
        );
      },
    },
    {
      name: "work while a cell runs where declared, and wait or refuse elsewhere",
      async run(context) {
        const interpreter = await context.fresh();
        const { promise, open } = gate();
        const host = new ToolHost({ "wait-for": () => promise.then(() => value("go")) });
        const running = interpreter.execute("wait_for('go')\nopen('busy.txt').read()", {
          onToolCall: host.handle,
        });
        await host.called();
        const written = interpreter.files.write("busy.txt", "while busy");
        if (interpreter.capabilities.filesWhileBusy) await settles(written, "write while busy");
        open();
        const [outcome] = await settles(Promise.allSettled([written]), "write");
        const result = await running;
        if (interpreter.capabilities.filesWhileBusy) {
          checkStatus(result, "ok");
        } else if (outcome.status === "rejected") {
          await checkRejects(
            Promise.reject(outcome.reason as Error),
            "workspace-file",
            "write while busy",
          );
        }
      },
    },
  ],
};
