import { describe, expect, it } from "vitest";
import type { ExecutionResult } from "../executor/execution-result.js";
import type { MimeBundle, Output } from "../executor/output.js";
import { renderExecution, renderToolOutcome } from "./render.js";

const out = (text: string): Output => ({ type: "text", stream: "stdout", text });
const err = (text: string): Output => ({ type: "text", stream: "stderr", text });
const show = (data: MimeBundle): Output => ({ type: "display", source: "display", data });
const value = (text: string): Output => ({
  type: "display",
  source: "result",
  data: { "text/plain": text },
});

function result(changes: Partial<ExecutionResult>): ExecutionResult {
  return {
    status: "ok",
    state: "kept",
    cell: 1,
    outputs: [],
    durationMs: 1,
    droppedBytes: 0,
    ...changes,
  };
}

function failure(traceback: string): Partial<ExecutionResult> {
  return { status: "error", error: { type: "E", message: "m", traceback, frames: [] } };
}

const render = (changes: Partial<ExecutionResult>, maxCharacters = 10_000) =>
  renderExecution(result(changes), { maxCharacters, timeoutMs: 60_000 });

const traceback = 'Traceback (most recent call last):\n  cell 1, line 1\n    x\nNameError: "x"';

const texts: readonly [string, Partial<ExecutionResult>, string][] = [
  ["nothing", {}, "(no output) The code ran. Use print() to see a value."],
  [
    "blanks only",
    { outputs: [out("\n \n")] },
    "(no output) The code ran. Use print() to see a value.",
  ],
  ["output", { outputs: [out("a\n")] }, "a"],
  ["output in pieces", { outputs: [out("a"), out("b\nc"), out("\n")] }, "ab\nc"],
  ["leading blanks", { outputs: [out("  a\n")] }, "  a"],
  ["both streams in order", { outputs: [out("1\n"), err("2\n"), out("3\n")] }, "1\n2\n3"],
  ["the last value", { outputs: [value("[1, 2]")] }, "[1, 2]"],
  ["output and the last value", { outputs: [out("a"), value("4")] }, "a\n4"],
  ["two displays", { outputs: [show({ "text/plain": "a" }), value("b")] }, "a\nb"],
  [
    "plain text before HTML",
    { outputs: [show({ "text/html": "<b>1</b>", "text/plain": "1" })] },
    "1",
  ],
  [
    "Markdown before plain text",
    { outputs: [show({ "text/plain": "obj", "text/markdown": "**a**" })] },
    "**a**",
  ],
  [
    "HTML where the plain text says nothing",
    {
      outputs: [
        show({ "text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>1</b>" }),
      ],
    },
    "<b>1</b>",
  ],
  ["HTML alone", { outputs: [show({ "text/html": "<b>1</b>" })] }, "<b>1</b>"],
  ["text split into lines", { outputs: [show({ "text/plain": ["a\n", "b"] })] }, "a\nb"],
  ["JSON alone", { outputs: [show({ "application/json": { a: [1] } })] }, '{"a":[1]}'],
  ["a JSON dialect", { outputs: [show({ "application/vnd.vega.v5+json": { a: 1 } })] }, '{"a":1}'],
  [
    "a display that cannot be shown",
    { outputs: [show({ "image/svg+xml": "<svg/>", "application/pdf": "AA" })] },
    "[display of type image/svg+xml, application/pdf, not shown]",
  ],
  ["colours", { outputs: [out("\u001b[1;31mred\u001b[0m \u001b[38;5;4mx\u001b[K")] }, "red x"],
  ["a link and a title", { outputs: [out("\u001b]0;t\u0007a\u001b]8;;u\u001b\\b")] }, "ab"],
  ["an escape cut in two", { outputs: [out("\u001b["), out("31mred\u001b[0m")] }, "red"],
  ["Windows line ends", { outputs: [out("a\r\nb\r\n")] }, "a\nb"],
  [
    "a progress bar",
    { outputs: [err("\r10%"), err("\r50%"), err("\r100%\n"), out("ok")] },
    "100%\nok",
  ],
  ["a progress bar that ends in a return", { outputs: [out("10%\r100%\r")] }, "100%"],
  ["control characters", { outputs: [out("a\u0000b\u0008c\td")] }, "a\ufffdb\ufffdc\td"],
  ["half a surrogate pair", { outputs: [out("a\ud800b😀")] }, "a\ufffdb😀"],
  [
    "dropped output",
    { outputs: [out("a\n")], droppedBytes: 1234 },
    "a\n[1234 more bytes of output were thrown away: print less]",
  ],
  ["an error", failure(traceback), traceback],
  ["output before an error", { ...failure(traceback), outputs: [out("a\n")] }, `a\n${traceback}`],
  ["colours in a traceback", failure("\u001b[31mKeyError\u001b[0m: 1"), "KeyError: 1"],
  [
    "a timeout",
    { status: "timeout", outputs: [out("a\n")] },
    "a\nThe code was stopped: it took longer than 60 seconds.\nVariables, imports and functions from before are still there.",
  ],
  [
    "a timeout that lost the state",
    { status: "timeout", state: "lost", lostReason: "killed" },
    "The code was stopped: it took longer than 60 seconds.\nThe interpreter was restarted (killed): variables, imports and functions are gone.",
  ],
  [
    "an interrupt",
    { status: "interrupted" },
    "The code was interrupted before it ended.\nVariables, imports and functions from before are still there.",
  ],
  [
    "an interrupt and its traceback",
    { ...failure("KeyboardInterrupt"), status: "interrupted" },
    "KeyboardInterrupt\nThe code was interrupted before it ended.\nVariables, imports and functions from before are still there.",
  ],
  [
    "a crash",
    { status: "crashed", state: "lost", lostReason: "killed by SIGSEGV" },
    "The Python process ended while the code ran.\nThe interpreter was restarted (killed by SIGSEGV): variables, imports and functions are gone.",
  ],
  [
    "a crash without a reason",
    { status: "crashed", state: "lost" },
    "The Python process ended while the code ran.\nThe interpreter was restarted: variables, imports and functions are gone.",
  ],
];

describe("renderExecution", () => {
  it.each(texts)("shows %s", (_name, changes, text) => {
    expect(render(changes)).toEqual({ text, images: [] });
  });

  it("says no number of seconds when there was no limit", () => {
    const { text } = renderExecution(result({ status: "timeout" }), { maxCharacters: 1000 });
    expect(text).toMatch(/^The code was stopped: it took too long\.\n/);
  });

  it("gives images apart and mentions them where they were shown", () => {
    const rendered = render({
      outputs: [
        out("a\n"),
        show({ "image/png": "AA\nBB\n", "text/plain": "<Figure>" }),
        out("b\n"),
        show({ "image/jpeg": "CC" }),
        show({ "image/webp": "DD" }),
        show({ "image/gif": "EE" }),
      ],
    });
    expect(rendered.text).toBe("a\n[image 1]\nb\n[image 2]\n[image 3]\n[image 4]");
    expect(rendered.images).toEqual([
      { type: "image", mediaType: "image/png", data: "AABB" },
      { type: "image", mediaType: "image/jpeg", data: "CC" },
      { type: "image", mediaType: "image/webp", data: "DD" },
      { type: "image", mediaType: "image/gif", data: "EE" },
    ]);
  });

  it("keeps the beginning of the output and the end of the traceback", () => {
    const { text } = render({ ...failure(traceback), outputs: [out("line\n".repeat(1000))] }, 400);
    expect(text.length).toBeLessThanOrEqual(400);
    expect(text).toMatch(/^line\nline\n/);
    expect(text).toMatch(/\[\.\.\. \d+ characters, \d+ lines, cut here \.\.\.\]/);
    expect(text.endsWith('NameError: "x"')).toBe(true);
  });

  it("never cuts what happened to the variables", () => {
    const lost = { status: "crashed", state: "lost", lostReason: "killed" } as const;
    const { text } = render({ ...lost, outputs: [out("x".repeat(5000))] }, 300);
    expect(text.length).toBeLessThanOrEqual(300);
    expect(text.endsWith("variables, imports and functions are gone.")).toBe(true);
  });

  it("renders a megabyte of awkward output fast", () => {
    for (const unit of ["\r", "\u001b", "\u001b[", "\u001b]", "\ud800", "a\n", "\r\n", "x\r"]) {
      const started = performance.now();
      render({ outputs: [out(unit.repeat(1_000_000 / unit.length))] });
      expect(performance.now() - started).toBeLessThan(5000);
    }
  });
});

describe("renderToolOutcome", () => {
  const outcome = (given: Parameters<typeof renderToolOutcome>[0], maxCharacters = 1000) =>
    renderToolOutcome(given, { maxCharacters });

  it.each([
    ["text as it is", "a\nb", "a\nb"],
    ["a number", 3.5, "3.5"],
    ["a number that JSON lacks", Number.NaN, "NaN"],
    ["a flag", false, "false"],
    ["nothing", null, "(no result)"],
    ["empty text", "", "(no result)"],
    ["a list", [1, "a", null], '[1,"a",null]'],
    ["an object", { a: { b: 1 } }, '{"a":{"b":1}}'],
    ["bytes", new Uint8Array(3), "[3 bytes]"],
  ])("shows %s", (_name, wire, text) => {
    expect(outcome({ ok: true, value: wire })).toEqual({ text, images: [] });
  });

  it("shows an error", () => {
    const error = { type: "ValueError", message: "city: unknown" } as const;
    expect(outcome({ ok: false, error }).text).toBe("ValueError: city: unknown");
  });

  it("cuts a long result in its middle", () => {
    const { text } = outcome({ ok: true, value: `a${"x".repeat(5000)}z` }, 200);
    expect(text.length).toBeLessThanOrEqual(200);
    expect(text).toMatch(/^ax+\n\[\.\.\. \d+ characters cut here \.\.\.\]\nx+z$/);
  });
});
