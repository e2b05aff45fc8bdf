import { expect, it } from "vitest";
import { newExecutor, shown, startPython } from "../../test/start-python.js";
import { readSandboxOptions } from "./sandbox-options.js";

const mib = 2 ** 20;

it("confines nothing by default, and has limits where it confines", () => {
  expect(readSandboxOptions({})).toEqual({ kind: "none", limits: {} });
  expect(readSandboxOptions({ sandbox: "strict", readablePaths: ["/data/x/.."] })).toEqual({
    kind: "strict",
    readablePaths: ["/data"],
    memoryBytes: 2048 * mib,
    maxProcesses: 256,
    fileSizeBytes: 1024 * mib,
  });
  const limits = { memoryMb: 1, maxProcesses: 2, maxFileSizeMb: 3 };
  expect(readSandboxOptions({ sandbox: "strict", ...limits })).toMatchObject({
    memoryBytes: mib,
    maxProcesses: 2,
    fileSizeBytes: 3 * mib,
  });
});

it("refuses what it could not keep", () => {
  const bad = [
    { sandbox: "loose" as "strict" },
    { sandbox: "strict", readablePaths: [""] },
    { readablePaths: ["/data"] },
    { maxProcesses: 10 },
    { memoryMb: 0 },
    { memoryMb: 1.5 },
    { sandbox: "strict", maxFileSizeMb: Infinity },
  ] as const;
  for (const options of bad) {
    expect(() => newExecutor(options), JSON.stringify(options)).toThrow(
      expect.objectContaining({ code: "invalid-option" }),
    );
  }
  expect(() => newExecutor({ sandbox: "strict", forkServer: false })).toThrow(/forkServer/);
  expect(() => readSandboxOptions({ memoryMb: 1 }, "darwin")).toThrow(/memoryMb.*darwin/);
  expect(() => readSandboxOptions({ maxFileSizeMb: 1 }, "win32")).toThrow(/maxFileSizeMb/);
});

it.skipIf(process.platform !== "linux").each([true, false])(
  "limits memory and files without a sandbox too, with forkServer: %s",
  async (forkServer) => {
    const python = await startPython({ memoryMb: 512, maxFileSizeMb: 1, forkServer });
    expect((await python.execute("bytes(600 << 20)")).error?.type).toBe("MemoryError");
    const write = await python.execute("open('big', 'wb').write(bytes(2 << 20))");
    expect(write.error).toMatchObject({ type: "OSError" });
    expect(shown(await python.execute("len(bytes(10 << 20))"))).toBe("10485760");
    expect(python.capabilities.isolation).toEqual([]);
  },
);
