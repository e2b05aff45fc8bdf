import { answers, fails, type ReaderCase, runs } from "./code-reader.case.js";

export const tagCases: readonly ReaderCase[] = [
  {
    name: "a block",
    message: "<execute>\nprint(1)\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a thought and a block",
    message: "I add them.\n\n<execute>\nprint(1 + 1)\n</execute>",
    expected: runs("print(1 + 1)", { thought: "I add them." }),
  },
  {
    name: "a block on one line",
    message: "<execute>print(1)</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "blanks around the code of one line",
    message: "<execute> print(1) </execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a thought on the line of the block",
    message: "Now: <execute>print(1)</execute>",
    expected: runs("print(1)", { thought: "Now:" }),
  },
  {
    name: "code that begins behind the tag and goes on below",
    message: "<execute>x = 1\nprint(x)\n</execute>",
    expected: runs("x = 1\nprint(x)"),
  },
  {
    name: "prose after the block, dropped",
    message: "<execute>\nprint(1)\n</execute>\nI wait for the result.",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "an answer and an action: the action wins",
    message: "The answer is 4.\n<execute>\nprint(2 + 2)\n</execute>",
    expected: runs("print(2 + 2)", { thought: "The answer is 4." }),
  },
  {
    name: "blank lines around the code",
    message: "<execute>\n\n\nx = 1\n\n\nprint(x)\n\n</execute>",
    expected: runs("x = 1\n\n\nprint(x)"),
  },
  {
    name: "an indented block",
    message: "  <execute>\n  for i in [1]:\n      print(i)\n  </execute>",
    expected: runs("for i in [1]:\n    print(i)"),
  },
  {
    name: "an indented block with a blank line",
    message: "<execute>\n\tif 1:\n\n\t\tprint(1)\n</execute>",
    expected: runs("if 1:\n\n\tprint(1)"),
  },
  {
    name: "a block whose lines are not all indented",
    message: "<execute>\n  x = 1\ny = 2\n</execute>",
    expected: runs("  x = 1\ny = 2"),
  },
  {
    name: "Windows line ends",
    message: "Hm.\r\n<execute>\r\nx = 1\r\nprint(x)\r\n</execute>\r\n",
    expected: runs("x = 1\nprint(x)", {
      thought: "Hm.",
      text: "Hm.\n<execute>\nx = 1\nprint(x)\n</execute>",
    }),
  },
  {
    name: "old Macintosh line ends",
    message: "<execute>\rx = 1\rprint(x)\r</execute>",
    expected: runs("x = 1\nprint(x)", { text: "<execute>\nx = 1\nprint(x)\n</execute>" }),
  },
  {
    name: "characters beyond ASCII",
    message: "<execute>\nπ = '日本 😀'\n</execute>",
    expected: runs("π = '日本 😀'"),
  },

  // Spelling of the tags.
  {
    name: "a capital letter",
    message: "<Execute>\nprint(1)\n</Execute>",
    expected: runs("print(1)", { text: "<Execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "capital letters",
    message: "<EXECUTE>\nprint(1)\n</EXECUTE>",
    expected: runs("print(1)", { text: "<EXECUTE>\nprint(1)\n</execute>" }),
  },
  {
    name: "blanks in the tags",
    message: "< execute >\nprint(1)\n< /execute >",
    expected: runs("print(1)", { text: "< execute >\nprint(1)\n</execute>" }),
  },
  {
    name: "an attribute",
    message: '<execute language="python">\nprint(1)\n</execute>',
    expected: runs("print(1)"),
  },
  {
    name: "HTML-escaped tags and code",
    message: "&lt;execute&gt;\nprint(1 &lt; 2 and &quot;a&amp;b&quot;)\n&lt;/execute&gt;",
    expected: runs('print(1 < 2 and "a&b")', {
      text: "&lt;execute&gt;\nprint(1 &lt; 2 and &quot;a&amp;b&quot;)\n</execute>",
    }),
  },
  {
    name: "entities in a block that is not escaped stay",
    message: "<execute>\nprint('&lt;')\n</execute>",
    expected: runs("print('&lt;')"),
  },
  {
    name: "another tag whose name begins alike",
    message: "<executed>\nprint(1)\n</executed>",
    expected: answers("<executed>\nprint(1)\n</executed>"),
  },

  // The closing tag is missing or incomplete.
  {
    name: "a stripped closing tag",
    message: "<execute>\nprint(1)\n",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "a stripped closing tag, several lines",
    message: "Go.\n<execute>\nx = 1\nprint(x)\n",
    expected: runs("x = 1\nprint(x)", {
      thought: "Go.",
      text: "Go.\n<execute>\nx = 1\nprint(x)\n</execute>",
    }),
  },
  {
    name: "a stripped closing tag on one line",
    message: "<execute>print(1)",
    expected: runs("print(1)", { text: "<execute>print(1)</execute>" }),
  },
  {
    name: "a closing tag without its last character",
    message: "<execute>\nprint(1)\n</execute",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "half a closing tag",
    message: "<execute>\nprint(1)\n</exec",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "the first two characters of a closing tag",
    message: "<execute>\nprint(1)\n</",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "the first character of a closing tag",
    message: "<execute>\nprint(1)\n<",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "a stripped closing tag, ended for another reason",
    message: "<execute>\nprint(1)\n",
    finishReason: "other",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "cut by the length limit",
    message: "<execute>\nprint(1)\ndelete(",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "cut by the length limit where the code looks whole",
    message: "<execute>\nprint(1)\n",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "cut by the length limit in the closing tag",
    message: "<execute>\nprint(1)\n</exe",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "cut by the length limit behind the block",
    message: "<execute>\nprint(1)\n</execute>\nThis will pr",
    finishReason: "length",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "cut by the length limit in the second block",
    message: "<execute>\na = 1\n</execute>\nand\n<execute>\nb =",
    finishReason: "length",
    expected: runs("a = 1", { text: "<execute>\na = 1\n</execute>" }),
  },
  {
    name: "cut by the length limit right behind the opening tag",
    message: "<execute>",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "cut by an error",
    message: "<execute>\nprint(1)",
    finishReason: "error",
    expected: fails("truncated"),
  },
  {
    name: "a block and a content filter behind it",
    message: "<execute>\nprint(1)\n</execute>",
    finishReason: "content-filter",
    expected: runs("print(1)"),
  },
  {
    name: "a block cut by a content filter",
    message: "<execute>\nprint(1)",
    finishReason: "content-filter",
    expected: fails("content-filter"),
  },
  {
    name: "an opening tag in place of the closing one",
    message: "<execute>\nprint(1)\n<execute>",
    expected: runs("print(1)", { text: "<execute>\nprint(1)\n</execute>" }),
  },
  {
    name: "an empty block",
    message: "<execute></execute>",
    expected: fails("malformed"),
  },
  {
    name: "an empty block behind a thought",
    message: "Let me see.\n<execute>\n\n</execute>",
    expected: fails("malformed"),
  },
  {
    name: "an empty block and a full one",
    message: "<execute>\n</execute>\n<execute>\nx = 1\n</execute>",
    expected: runs("x = 1", { thought: "<execute>\n</execute>" }),
  },
  {
    name: "a closing tag alone",
    message: "print(1)\n</execute>",
    expected: fails("malformed"),
  },

  // Tags inside the code.
  {
    name: "a closing tag in a string",
    message: '<execute>\nprint("</execute>")\nx = 1\n</execute>',
    expected: runs('print("</execute>")\nx = 1'),
  },
  {
    name: "a closing tag in a string on one line",
    message: "<execute>print('</execute>')</execute>",
    expected: runs("print('</execute>')"),
  },
  {
    name: "a closing tag in a string behind an escaped quote",
    message: String.raw`<execute>
print("\"</execute>")
x = 1
</execute>`,
    expected: runs(String.raw`print("\"</execute>")
x = 1`),
  },
  {
    name: "a closing tag in a triple-quoted string",
    message: '<execute>\ntext = """\n</execute>\n"""\nprint(text)\n</execute>',
    expected: runs('text = """\n</execute>\n"""\nprint(text)'),
  },
  {
    name: "a closing tag in a triple-quoted string of single quotes that holds double ones",
    message: "<execute>\nt = '''\"\"\" </execute> '''\nprint(t)\n</execute>",
    expected: runs("t = '''\"\"\" </execute> '''\nprint(t)"),
  },
  {
    name: "a closing tag in an f-string",
    message: "<execute>\nprint(f'{x}</execute>{y}')\nz = 1\n</execute>",
    expected: runs("print(f'{x}</execute>{y}')\nz = 1"),
  },
  {
    name: "a closing tag in a raw string that ends in two backslashes",
    message: String.raw`<execute>
p = r"</execute>\\"
q = 1
</execute>`,
    expected: runs(String.raw`p = r"</execute>\\"
q = 1`),
  },
  {
    name: "a closing tag in a comment",
    message: "<execute>\nx = 1  # not yet </execute>\nprint(x)\n</execute>",
    expected: runs("x = 1  # not yet </execute>\nprint(x)"),
  },
  {
    name: "a comment at the end of a block on one line",
    message: "<execute>x = 1  # set x</execute>",
    expected: runs("x = 1  # set x"),
  },
  {
    name: "a comment at the end of a block",
    message: "<execute>\nx = 1\ny = 2  # done</execute>",
    expected: runs("x = 1\ny = 2  # done"),
  },
  {
    name: "a comment with an apostrophe at the end of a block on one line",
    message: "<execute>x = 1  # don't</execute>",
    expected: runs("x = 1  # don't"),
  },
  {
    name: "two blocks that each end in a comment",
    message: "<execute>x = 1  # a</execute>\n<execute>y = 2  # b</execute>",
    expected: runs("x = 1  # a\ny = 2  # b"),
  },
  {
    name: "a string that ends on a later line by a backslash",
    message: '<execute>\ns = "a\\\n</execute>"\nprint(s)\n</execute>',
    expected: runs('s = "a\\\n</execute>"\nprint(s)'),
  },
  {
    name: "an opening tag in a string",
    message: "<execute>\ns = 'a <execute> b'\nprint(s)\n</execute>",
    expected: runs("s = 'a <execute> b'\nprint(s)"),
  },
  {
    name: "both tags in a string, closing tag stripped",
    message: "<execute>\nprint('use <execute> and </execute>')\nx = 1",
    expected: runs("print('use <execute> and </execute>')\nx = 1", {
      text: "<execute>\nprint('use <execute> and </execute>')\nx = 1\n</execute>",
    }),
  },
  {
    name: "a string whose closing quote is missing",
    message: '<execute>\nprint("hello)\n</execute>',
    expected: runs('print("hello)'),
  },
  {
    name: "a triple-quoted string whose end is missing",
    message: '<execute>\ntext = """hello\n</execute>',
    expected: runs('text = """hello'),
  },
  {
    name: "an apostrophe in a comment",
    message: "<execute>\n# don't\nx = 1\n</execute>",
    expected: runs("# don't\nx = 1"),
  },
  {
    name: "an apostrophe in a shell command",
    message: "<execute>\n!echo don't\n</execute>",
    expected: runs("!echo don't"),
  },
  {
    name: "comparisons that look like the beginning of a tag",
    message: "<execute>\nok = a <b and c</d\n</execute>",
    expected: runs("ok = a <b and c</d"),
  },
  {
    name: "another tag in the code",
    message: "<execute>\nhtml = '<b>' + \"</b>\"\n</execute>",
    expected: runs("html = '<b>' + \"</b>\""),
  },
];
