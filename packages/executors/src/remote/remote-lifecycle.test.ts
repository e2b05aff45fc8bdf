import { describe, expect, it } from "vitest";
import {
  callTool,
  processesWith,
  shown,
  startPython,
  textOf,
  until,
} from "../../test/start-python.js";
import { wrappers } from "../../test/wrappers.js";

const command = wrappers.banner;

/** With a real pipe, which others can open, in the way. */
const piped = ["sh", "-c", '"$@" | cat', "--", "python3"];

/** Writes to the stream that carries the frames of the relay. */
const writeToRelay = (bytes: string) =>
  "import os, time\n" +
  `os.write(os.open(f"/proc/{os.getppid()}/fd/21", os.O_WRONLY), ${bytes})\ntime.sleep(60)`;

describe("a connection that is lost", () => {
  it("loses the cell and the temporary workspace, and is made anew", async () => {
    const python = await startPython({ command });
    await python.files.write("gone", "");
    const result = await python.execute("import os, signal; os.kill(os.getppid(), signal.SIGKILL)");
    expect(result).toMatchObject({
      status: "crashed",
      state: "lost",
      lostReason: expect.stringContaining("killed by SIGKILL"),
    });
    expect(shown(await python.execute("import os; os.listdir()"))).toBe("[]");
    expect(await python.files.list()).toEqual([]);
  });

  it("ends the far Python, also where the relay left something unread", async () => {
    const python = await startPython({ command, env: { MARK: "210982" } });
    const result = await python.execute(
      "import os, signal, time\nrelay = os.getppid()\nos.kill(relay, signal.SIGSTOP)\n" +
        "display(1)\nos.kill(relay, signal.SIGKILL)\ntime.sleep(600)",
    );
    expect(result).toMatchObject({ status: "crashed", state: "lost" });
    await until(() => processesWith("210982").length === 0);
  });

  it("ends the far Python also out of a call that never returns", async () => {
    const python = await startPython({ command, env: { MARK: "210981" } });
    const result = await python.execute(
      "import os, subprocess\n" +
        "subprocess.Popen(['sh', '-c', f'sleep 0.5; kill -9 {os.getppid()}'])\nsum(range(10**12))",
    );
    expect(result).toMatchObject({ status: "crashed", state: "lost" });
    await until(() => processesWith("210981").length === 0);
  });

  it("between two cells is reported by the next", async () => {
    const python = await startPython({ command, env: { MARK: "210980" } });
    await python.execute(
      "import os, threading, time\n" +
        "threading.Thread(target=lambda: (time.sleep(0.2), os.kill(os.getppid(), 9))).start()",
    );
    await until(() => processesWith("210980").length === 0);
    // The host waits for last words.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const lost = await python.execute("1");
    expect(lost).toMatchObject({ status: "crashed", state: "lost" });
    expect(lost.lostReason).toContain("between two cells");
    expect(shown(await python.execute("1+1"))).toBe("2");
  });

  it("is cut when its frames are malformed", async () => {
    const python = await startPython({ command: piped });
    const result = await python.execute(writeToRelay("b'garbage\\n'"));
    expect(result).toMatchObject({
      status: "crashed",
      lostReason: expect.stringContaining("not JSON"),
    });
    expect(shown(await python.execute("1+1"))).toBe("2");
  });

  it("is cut when the far side sends more than it may", async () => {
    const python = await startPython({ command: piped });
    const flood = `b'{"type":"output","blobs":[2000000]}\\n' + b'x' * 2_000_000`;
    const result = await python.execute(writeToRelay(flood));
    expect(result).toMatchObject({
      status: "crashed",
      lostReason: expect.stringContaining("more than it may"),
    });
  });
});

describe("streams", () => {
  it("are held back by a slow `onOutput`, and nothing is lost or reordered", async () => {
    const python = await startPython({ command }, { tools: [callTool] });
    let received = 0;
    const atCall: number[] = [];
    const result = await python.execute(
      "for i in range(5):\n    print('x' * 2_000_000)\n    call(i)\nprint('end')",
      {
        maxOutputBytes: 20_000_000,
        onOutput: async (output) => {
          if (output.type === "text") received += output.text.length;
          await new Promise((resolve) => setTimeout(resolve, 5));
        },
        onToolCall: async () => {
          atCall.push(received);
          return { ok: true, value: null };
        },
      },
    );
    expect(result.status).toBe("ok");
    expect(atCall).toEqual([1, 2, 3, 4, 5].map((count) => count * 2_000_001));
    expect(textOf(result)).toHaveLength(5 * 2_000_001 + 4);
  });

  it("of a busy Python that reads nothing do not hold up its kill", async () => {
    const python = await startPython({ command, interruptGraceMs: 500 }, { tools: [callTool] });
    const result = await python.execute(
      "import threading, time\nthreading.Thread(target=call, args=(1,)).start()\ntime.sleep(0.5)\nsum(range(10**11))",
      {
        timeoutMs: 2000,
        onToolCall: async () => {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          return { ok: true, value: new Uint8Array(30_000_000) };
        },
      },
    );
    expect(result).toMatchObject({ status: "timeout", state: "lost" });
    expect(result.durationMs).toBeLessThan(20_000);
    expect(shown(await python.execute("1+1"))).toBe("2");
  });

  it("carry large values in both directions", async () => {
    const python = await startPython({ command }, { tools: [callTool] });
    const result = await python.execute("len(call(b'x' * 20_000_000))", {
      onToolCall: async ({ input }) => ({ ok: true, value: input }),
    });
    expect(shown(result)).toBe("20000000");
  });
});
