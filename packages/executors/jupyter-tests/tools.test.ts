import type { ToolCallHandler } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { printed, serverTarget, ServerUnderTest } from "./server-under-test.js";

/** A host that answers with the input, and remembers what it was asked and how much at once. */
class Host {
  readonly inputs: unknown[] = [];
  mostAtOnce = 0;
  #now = 0;
  readonly onToolCall: ToolCallHandler = async ({ name, input }) => {
    this.inputs.push([name, input]);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    this.#now--;
    return { ok: true, value: input };
  };
}

/** Asks the host on the stdin channel as our runtime does, with whatever prompt and buffers. */
const forge = `
import json
def forge(prompt, *frames):
    kernel = get_ipython().kernel
    ident = kernel._parent_ident["shell"]
    parent = kernel.get_parent("shell")
    content = {"prompt": prompt, "password": False}
    buffers = [json.dumps(frame).encode() + b"\\n" for frame in frames]
    send = kernel.codeact_session._send
    send(kernel.stdin_socket, "input_request", content, parent, ident=ident, buffers=buffers)
    while not kernel.stdin_socket.poll(50):
        pass
    _, message = kernel.session.recv(kernel.stdin_socket)
    return message["content"]["value"], [bytes(each) for each in message["buffers"]]
def call(name, cell, **more):
    return {"type": "tool-call", "id": "forged", "cell": cell, "name": name, "input": 1, **more}
`;

describe.skipIf(serverTarget === undefined)("Tools of JupyterExecutor", () => {
  const server = new ServerUnderTest();

  it("come one at a time from threads and from asyncio, and each gets its own answer", async () => {
    const python = await server.start();
    const host = new Host();
    const code = `
import asyncio
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(8) as pool:
    by_threads = list(pool.map(echo, range(40)))
by_tasks = await asyncio.gather(*(asyncio.to_thread(echo, i) for i in range(40)))
by_threads == list(range(40)), by_tasks == list(range(40)), echo("last")`;
    const result = await python.execute(code, { onToolCall: host.onToolCall });
    expect(result.error).toBeUndefined();
    expect(result.outputs).toMatchObject([{ data: { "text/plain": "(True, True, 'last')" } }]);
    expect([host.inputs.length, host.mostAtOnce]).toEqual([81, 1]);
  }, 60_000);

  it("come many at once by map", async () => {
    const python = await server.start();
    const host = new Host();
    const code = "echo.map(range(40)) == list(range(40))";
    const result = await python.execute(code, { onToolCall: host.onToolCall });
    expect(result.outputs).toMatchObject([{ data: { "text/plain": "True" } }]);
    expect([host.inputs.length, host.mostAtOnce]).toEqual([40, 40]);
  }, 60_000);

  it("are no input(), which says so, whatever its prompt, and as often as it is called", async () => {
    const python = await server.start();
    const host = new Host();
    const code = `
import json, threading
prompt = json.dumps({"codeact": "1-1", "after": 0})
frame = json.dumps({"type": "tool-call", "id": "1", "cell": 1, "name": "echo", "input": 1})
print(prompt)
print(frame)
def ask(prompt):
    try:
        input(prompt)
    except RuntimeError as error:
        print(error)
for each in [prompt, prompt + "\\n" + frame, "name? "]:
    ask(each)
thread = threading.Thread(target=ask, args=("in a thread? ",))
thread.start()
thread.join()
echo("after")
input("last? ")`;
    const result = await python.execute(code, { onToolCall: host.onToolCall });
    expect(result.error?.type).toBe("RuntimeError");
    expect(result.error?.message).toContain("nobody is there to answer");
    expect(printed(result).match(/input\(\) is not available/g)).toHaveLength(4);
    expect(host.inputs).toEqual([["echo", "after"]]);
  }, 60_000);

  it("can be forged into nothing but honest calls", async () => {
    const python = await server.start();
    const host = new Host();
    await python.execute(forge);
    const code = `
tag = json.dumps({"codeact": "own", "after": 0})
print(1, forge("who are you?"))
print(2, forge("{" * 500))
print(3, forge(json.dumps({"codeact": "not begun", "after": 10 ** 30})))
print(4, forge(tag, call("echo", 2)))
print(5, forge(tag, call("echo", 2)))
print(6, forge(json.dumps({"codeact": "x"}), call("no_such_tool", 2)))
print(7, forge(json.dumps({"codeact": "y"}), call("echo", 1)))
print(8, echo("honest"))`;
    const result = await python.execute(code, { onToolCall: host.onToolCall });
    const lines = printed(result).split("\n");
    expect(lines[0]).toContain("\\x04");
    expect(lines[1]).toContain("\\x04");
    expect(lines[2]).toContain('"unknown":true');
    expect(lines[3]).toContain('"value":1');
    expect(lines[4]).toBe(lines[3]?.replace("4", "5"));
    expect(lines[5]).toContain("There is no tool named");
    expect(lines[6]).toContain("The cell that made this call has ended");
    expect(lines[7]).toBe("8 honest");
    expect(host.inputs).toEqual([
      ["echo", 1],
      ["echo", "honest"],
    ]);
  }, 60_000);

  it.each([
    ["is no call", '{"type": "done", "cell": 2, "status": "ok"}'],
    ["calls without input", '{"type": "tool-call", "id": "1", "cell": 2, "name": "echo"}'],
    ["has an id twice", 'call("echo", 2), call("echo", 2)'],
  ])(
    "lose the kernel when a frame %s",
    async (_, frames) => {
      const python = await server.start();
      const host = new Host();
      await python.execute(forge);
      const code = `forge(json.dumps({"codeact": "own"}), ${frames})`;
      const result = await python.execute(code, { onToolCall: host.onToolCall });
      expect([result.status, result.state]).toEqual(["crashed", "lost"]);
      expect(host.inputs).toEqual([]);
      const next = await python.execute("echo(2)", { onToolCall: host.onToolCall });
      expect(next.outputs).toMatchObject([{ data: { "text/plain": "2" } }]);
    },
    60_000,
  );
});
