import { CodeActError } from "@codeact/core";
import { describe, expect, it } from "vitest";
import { type JupyterExecutorOptions, readJupyterOptions } from "./jupyter-options.js";
import { JupyterServer } from "./jupyter-server.js";

const baseUrl = "http://localhost:8888";

describe("readJupyterOptions", () => {
  it("completes the base path", () => {
    const read = (url: string) => readJupyterOptions({ baseUrl: url }).baseUrl.href;
    expect(read("http://localhost:8888")).toBe("http://localhost:8888/");
    expect(read("https://example.com/user/ada")).toBe("https://example.com/user/ada/");
  });

  it.each<Partial<Record<keyof JupyterExecutorOptions, unknown>>>([
    { baseUrl: "localhost:8888" },
    { baseUrl: "ftp://localhost" },
    { baseUrl: "http://ada:secret@localhost" },
    { baseUrl: "http://localhost/?token=secret" },
    { token: "" },
    { token: "two words" },
    { kernelId: "../../contents" },
    { kernelId: "a-b", kernelName: "python3" },
    { env: { A: 1 } },
    { headers: ["A: b"] },
    { headers: { "x-team": "secret\nof the team" } },
    { headers: { "x team": "secret" } },
    { interruptGraceMs: 0 },
    { orphanTimeoutMs: Number.NaN },
    { startTimeoutMs: Infinity },
  ])("refuses %j", (options) => {
    let error: unknown;
    try {
      readJupyterOptions({ baseUrl, ...options } as JupyterExecutorOptions);
    } catch (thrown) {
      error = thrown;
    }
    expect(CodeActError.isInstance(error) && error.code).toBe("invalid-option");
    expect(String(error)).not.toContain("secret");
  });

  it("lets a kernel live for ever", () => {
    expect(readJupyterOptions({ baseUrl, orphanTimeoutMs: Infinity }).orphanTimeoutMs).toBe(
      Infinity,
    );
  });
});

describe("JupyterServer", () => {
  it("opens websockets below the base path, without the token", () => {
    const settings = readJupyterOptions({ baseUrl: "https://example.com/hub/", token: "secret" });
    const server = new JupyterServer(settings);
    expect(server.channelsUrl("k-1", "s 1").href).toBe(
      "wss://example.com/hub/api/kernels/k-1/channels?session_id=s+1",
    );
    expect(server.headers).toEqual({ Authorization: "token secret" });
  });
});
