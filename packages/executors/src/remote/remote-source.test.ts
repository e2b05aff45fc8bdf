import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { meetingLine, relayModules, relayPayload } from "./remote-source.js";

const marker = "0123456789abcdef0123456789ABCDEF";

describe("the relay's source", () => {
  it("carries every module", () => {
    const files = readdirSync(new URL("../runtime/codeact_remote", import.meta.url))
      .filter((name) => name.endsWith(".py") && name !== "stub.py")
      .map((name) => `codeact_remote.${name.slice(0, -3)}`.replace(".__init__", ""));
    expect(Object.keys(relayModules)).toEqual(expect.arrayContaining(files));
    expect(relayPayload().toString()).toContain("codeact_remote.relay");
  });
});

describe("the line that Python is given", () => {
  it("is one line, short and plain enough for a terminal", () => {
    const line = meetingLine(marker);
    expect(line).toMatch(/^[\x20-\x7e]+\n$/);
    expect(line.length).toBeLessThan(4096);
    expect(line).not.toContain(marker);
  });

  it("makes Python say the marker", () => {
    const { stdout } = spawnSync("python3", ["-Iqi"], { input: meetingLine(marker) });
    expect(stdout.toString()).toMatch(
      new RegExp(
        `^${marker}\\{"type":"greeting","python":"3\\.\\d+\\.\\d+","isTerminal":false,"isWindows":false\\}\\n`,
      ),
    );
  });
});
