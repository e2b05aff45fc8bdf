import { describe, expect, test } from "vitest";
import { MessageView } from "./message-view.js";
import { createPalette, wantsColours } from "./palette.js";
import { PythonHighlighter } from "./python-highlighter.js";
import { Screen } from "./screen.js";
import { ToolCallView } from "./tool-call-view.js";
import { wrapLine } from "./wrap.js";

function showMessage(message: string, chunkSize: number): string {
  let printed = "";
  const screen = new Screen({ columns: 40, write: (text) => (printed += text) });
  const view = new MessageView(screen);
  for (let at = 0; at < message.length; at += chunkSize) {
    view.push(message.slice(at, at + chunkSize));
  }
  view.end();
  return printed;
}

describe("MessageView", () => {
  const tagged =
    "I count the rows first, and look at one of them.\n\n<execute>\nx = 1\n\nx\n</execute> no";
  const fenced = "Now.\n```python\nx = 1\n```\nThis is left out.";

  test.each([tagged, fenced])("prints the same however %j is cut", (message) => {
    const whole = showMessage(message, message.length);
    for (let size = 1; size < message.length; size++) {
      expect(showMessage(message, size)).toBe(whole);
    }
  });

  test("wraps the thought and numbers the code", () => {
    expect(showMessage(tagged, 3)).toBe(
      "I count the rows first, and look at one\nof them.\n\n   1 │ x = 1\n   2 │\n   3 │ x\n",
    );
    expect(showMessage(fenced, 3)).toBe("Now.\n\n   1 │ x = 1\n");
  });

  test("shows the code that runs where it is not what was written", () => {
    let printed = "";
    const view = new MessageView(new Screen({ write: (text) => (printed += text) }));
    view.push("<execute>a</execute>");
    view.confirm("a");
    expect(printed).toBe("\n   1 │ a\n");
    view.confirm("b");
    expect(printed).toBe("\n   1 │ a\n\n   1 │ b\n");
  });
});

test("ToolCallView shows the first calls and those that fail, and counts the others", () => {
  let printed = "";
  const view = new ToolCallView(new Screen({ columns: 60, write: (text) => (printed += text) }));
  for (let input = 1; input <= 10; input++) {
    const call = { name: "double", toolCallId: `call-${input}`, durationMs: 1 };
    view.begin({ ...call, input: { input } });
    if (input !== 9) view.end({ ...call, value: 2 * input });
    else view.end({ ...call, error: { type: "ToolError", message: "too large" } });
  }
  view.flush();
  view.flush();
  const lines = printed.trimEnd().split("\n");
  expect(lines).toHaveLength(8);
  expect(lines[5]).toContain("double(6) → 12");
  expect(lines[6]).toContain("double(9) → ToolError: too large");
  expect(lines[7]).toBe("     ↳ and 3 more");
});

describe("PythonHighlighter", () => {
  const named = new Proxy(createPalette(false), {
    get: (_, name) => (text: string) => `<${String(name)}:${text}>`,
  });

  test("tells strings, comments, keywords, numbers and calls apart", () => {
    const line = new PythonHighlighter(named).line(`for x in f(1.5, r"a'#b"):  # it's`);
    expect(line).toBe(
      `<magenta:for> x <magenta:in> <cyan:f>(<yellow:1.5>, <green:r"a'#b">):  <dim:# it's>`,
    );
  });

  test("remembers an open triple-quoted string", () => {
    const highlighter = new PythonHighlighter(named);
    const lines = ['x = f"""a', 'if "b"', 'c""" if x else 1'].map((line) => highlighter.line(line));
    expect(lines).toEqual([
      'x = <green:f"""><green:a>',
      '<green:if "b">',
      '<green:c"""> <magenta:if> x <magenta:else> <yellow:1>',
    ]);
  });

  test("changes nothing but colours", () => {
    const source = `print(f"{x!r:>10}", 'it''s', 0x1F, [None] * 3)  # done`;
    expect(new PythonHighlighter(createPalette(false)).line(source)).toBe(source);
  });
});

test("wrapping keeps the words and their indentation", () => {
  expect(wrapLine("  one two three", 9, "    ")).toEqual(["  one two", "    three"]);
  expect(wrapLine("unbreakable word", 4)).toEqual(["unbreakable", "word"]);
});

test("colours are for terminals, unless the environment says otherwise", () => {
  expect(wantsColours({ isTTY: true }, {})).toBe(true);
  expect(wantsColours({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
  expect(wantsColours({ isTTY: false }, {})).toBe(false);
  expect(wantsColours({ isTTY: false }, { FORCE_COLOR: "1" })).toBe(true);
});
