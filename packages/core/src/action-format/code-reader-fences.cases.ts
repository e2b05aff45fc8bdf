import { answers, fails, type ReaderCase, runs } from "./code-reader.case.js";

const earlierTag = "<execute>\nx = 1\n</execute>";
const earlierFence = "```python\nx = 1\n```";

/** The same code in every spelling of a fence. */
const spellings: readonly ReaderCase[] = [
  "python",
  "py",
  "Python",
  "PYTHON",
  "python3",
  "Python3",
  "py3",
  "python3.11",
  "ipython",
  "ipython3",
  "tool_code",
  "execute",
  " python",
  "{python}",
  "{.python .numberLines}",
  "python:main.py",
  "python main.py",
  'python title="a b"',
  "",
].map((info) => ({
  name: `a fence named ${JSON.stringify(info)}`,
  message: `I add.\n\`\`\`${info}\nx = 1\nprint(x)\n\`\`\``,
  expected: runs("x = 1\nprint(x)", { thought: "I add." }),
}));

/** Fences that hold no Python. */
const others: readonly ReaderCase[] = [
  "json",
  "bash",
  "sh",
  "shell",
  "console",
  "text",
  "sql",
  "javascript",
  "markdown",
  "pycon",
  "diff",
  "output",
].map((info) => ({
  name: `a fence named "${info}" is part of the answer`,
  message: `So:\n\`\`\`${info}\nls -l\n\`\`\``,
  expected: answers(`So:\n\`\`\`${info}\nls -l\n\`\`\``),
}));

export const fenceCases: readonly ReaderCase[] = [
  ...spellings,
  ...others,
  {
    name: "a fence of tildes",
    message: "~~~python\nprint(1)\n~~~",
    expected: runs("print(1)"),
  },
  {
    name: "a nameless fence of tildes",
    message: "~~~\nprint(~~~5)\n~~~",
    expected: runs("print(~~~5)"),
  },
  {
    name: "a fence of four marks",
    message: "````python\nprint('```')\n````",
    expected: runs("print('```')"),
  },
  {
    name: "a fence of four marks that three do not close",
    message: "````python\nprint(1)\n```\n````",
    expected: runs("print(1)"),
  },
  {
    name: "a fence on one line",
    message: "```python print(1)```",
    expected: runs("print(1)"),
  },
  {
    name: "a nameless fence on one line",
    message: "```print(1)```",
    expected: runs("print(1)"),
  },
  {
    name: "a named fence within a line",
    message: "I run ```py print(1)``` now.",
    expected: runs("print(1)", { thought: "I run", text: "I run ```py print(1)```" }),
  },
  {
    name: "a nameless fence within a line is prose",
    message: "Use ```len(x)``` for that.",
    expected: answers("Use ```len(x)``` for that."),
  },
  {
    name: "a fence that begins within a line",
    message: "Like so: ```python\nprint(1)\n```",
    expected: runs("print(1)", { thought: "Like so:" }),
  },
  {
    name: "code that begins on the line of the marks",
    message: "```print(1)\nprint(2)\n```",
    expected: runs("print(1)\nprint(2)"),
  },
  {
    name: "a closing fence at the end of a line of code",
    message: "```python\nprint(1)```",
    expected: runs("print(1)"),
  },
  {
    name: "an indented fence",
    message: "   ```python\n   if 1:\n       print(1)\n   ```",
    expected: runs("if 1:\n    print(1)", { text: "```python\n   if 1:\n       print(1)\n   ```" }),
  },
  {
    name: "a fence in a list",
    message: "1. First:\n   ```python\n   print(1)\n   ```",
    expected: runs("print(1)", { thought: "1. First:" }),
  },
  {
    name: "an unclosed fence",
    message: "```python\nprint(1)\n",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "a half-streamed closing fence",
    message: "```python\nprint(1)\n``",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "a closing fence in a comment at the end",
    message: "```python\nprint(1)\nx = 1  # done```",
    expected: runs("print(1)\nx = 1  # done", { text: "```python\nprint(1)\nx = 1  # done\n```" }),
  },
  {
    name: "a fence cut by the length limit",
    message: "```python\nprint(1)\ndelete(",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "a closed fence before the length limit",
    message: "```python\nprint(1)\n```\nThis pri",
    finishReason: "length",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "a fence in a string",
    message: "```python\ntext = '''\n```\nx\n```\n'''\nprint(text)\n```",
    expected: runs("text = '''\n```\nx\n```\n'''\nprint(text)"),
  },
  {
    name: "a fence behind a string that is not closed",
    message: '```python\ntext = """a\n```\nThat is it.',
    expected: runs('text = """a', { text: '```python\ntext = """a\n```' }),
  },
  {
    name: "a fence that the closing tag ends",
    message: "```python\nprint(1)\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a fence and a closing tag behind it",
    message: "```python\nprint(1)\n```\n</execute>",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "two fences",
    message: "One.\n```python\na = 1\n```\nTwo.\n```python\nprint(a)\n```\nDone.",
    expected: runs("a = 1\nprint(a)", {
      thought: "One.\n\nTwo.",
      text: "One.\n```python\na = 1\n```\nTwo.\n```python\nprint(a)\n```",
    }),
  },
  {
    name: "a fence that opens before the last one was closed",
    message: "```python\na = 1\n```python\nprint(a)\n```",
    expected: runs("a = 1\nprint(a)"),
  },
  {
    name: "a nameless fence beside a named one is no code",
    message: "```python\nprint(1)\n```\nThis prints\n```\n1\n```",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "a shell fence beside a Python one is passed over",
    message: "```bash\npip install x\n```\n```python\nimport x\n```",
    expected: runs("import x", { thought: "```bash\npip install x\n```" }),
  },
  {
    name: "Python in a fence of Markdown is a listing",
    message: "````markdown\n```python\nprint(1)\n```\n````",
    expected: answers("````markdown\n```python\nprint(1)\n```\n````"),
  },
  {
    name: "JSON in a nameless fence",
    message: '```\n{"celsius": 3}\n```',
    expected: answers('```\n{"celsius": 3}\n```'),
  },
  {
    name: "a number in a nameless fence",
    message: "The sum is:\n```\n42\n```",
    expected: answers("The sum is:\n```\n42\n```"),
  },
  {
    name: "a shell session in a nameless fence",
    message: "```\n$ ls\na.txt\n```",
    expected: answers("```\n$ ls\na.txt\n```"),
  },
  {
    name: "HTML in a nameless fence",
    message: "```\n<p>1</p>\n```",
    expected: answers("```\n<p>1</p>\n```"),
  },
  {
    name: "an empty fence",
    message: "```python\n```",
    expected: fails("malformed"),
  },
  {
    name: "inline code",
    message: "Call `print(1)`.",
    expected: answers("Call `print(1)`."),
  },
  {
    name: "Windows line ends",
    message: "```python\r\na = 1\r\nprint(a)\r\n```\r\n",
    expected: runs("a = 1\nprint(a)", { text: "```python\na = 1\nprint(a)\n```" }),
  },

  // Fences and tags.
  {
    name: "a listing in an answer once tags are used",
    message: "Use this:\n```python\nprint(1)\n```",
    earlier: earlierTag,
    expected: answers("Use this:\n```python\nprint(1)\n```"),
  },
  {
    name: "a fence while only fences were used",
    message: "```python\nprint(x)\n```",
    earlier: earlierFence,
    expected: runs("print(x)"),
  },
  {
    name: "a fence after a message that only mentions the tag",
    message: "```python\nprint(x)\n```",
    earlier: "I could write `<execute>`.",
    expected: runs("print(x)"),
  },
  {
    name: "a fence after a tag in reasoning only",
    message: "```python\nprint(x)\n```",
    earlier: "<think><execute>x</execute></think>Hm.",
    expected: runs("print(x)"),
  },
  {
    name: "a fence that a closing tag ends once tags are used",
    message: "```python\nprint(1)\n</execute>",
    earlier: earlierTag,
    expected: runs("print(1)"),
  },
  {
    name: "a fence in the tags",
    message: "<execute>\n```python\nprint(1)\n```\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a nameless fence in the tags",
    message: "<execute>\n```\nprint(1)\n```\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a fence in the tags, not closed",
    message: "<execute>\n```python\nprint(1)\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "two fences in the tags",
    message: "<execute>\n```python\na = 1\n```\n```python\nprint(a)\n```\n</execute>",
    expected: runs("a = 1\nprint(a)"),
  },
  {
    name: "prose and a fence in the tags",
    message: "<execute>\nThis adds.\n```python\nprint(1)\n```\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "tags in a fence",
    message: "```python\n<execute>\nprint(1)\n</execute>\n```",
    expected: runs("print(1)", {
      thought: "```python",
      text: "```python\n<execute>\nprint(1)\n</execute>",
    }),
  },
  {
    name: "tags in a fence, closed by the fence only",
    message: "```\n<execute>\nprint(1)\n```",
    expected: runs("print(1)", {
      thought: "```",
      text: "```\n<execute>\nprint(1)\n```\n</execute>",
    }),
  },
  {
    name: "a fence in a string in the tags",
    message: "<execute>\ntext = '''\n```python\nx\n```\n'''\n</execute>",
    expected: runs("text = '''\n```python\nx\n```\n'''"),
  },
  {
    name: "a fence before the tags is prose",
    message: "```python\na = 1\n```\n<execute>\nprint(2)\n</execute>",
    expected: runs("print(2)", { thought: "```python\na = 1\n```" }),
  },
  {
    name: "a shell fence in the tags is left to Python",
    message: "<execute>\n```bash\nls\n```\n</execute>",
    expected: runs("```bash\nls\n```"),
  },
];
