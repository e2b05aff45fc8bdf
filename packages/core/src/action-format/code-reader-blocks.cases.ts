import { answers, type ReaderCase, runs } from "./code-reader.case.js";

/** Several blocks, nested ones, and tags that are only talked about. */
export const blockCases: readonly ReaderCase[] = [
  {
    name: "two blocks",
    message: "First.\n<execute>\na = 1\n</execute>\nThen.\n<execute>\nprint(a)\n</execute>",
    expected: runs("a = 1\nprint(a)", { thought: "First.\n\nThen." }),
  },
  {
    name: "two blocks, the second without its closing tag",
    message: "<execute>\na = 1\n</execute>\n<execute>\nprint(a)",
    expected: runs("a = 1\nprint(a)", {
      text: "<execute>\na = 1\n</execute>\n<execute>\nprint(a)\n</execute>",
    }),
  },
  {
    name: "two blocks, the first without its closing tag",
    message: "<execute>\na = 1\n<execute>\nprint(a)\n</execute>",
    expected: runs("a = 1\nprint(a)", {
      text: "<execute>\na = 1\n</execute>\n<execute>\nprint(a)\n</execute>",
    }),
  },
  {
    name: "three blocks on one line",
    message: "<execute>a = 1</execute><execute>b = 2</execute><execute>c = 3</execute>",
    expected: runs("a = 1\nb = 2\nc = 3"),
  },
  {
    name: "a block in a block",
    message: "<execute>\n<execute>\nprint(1)\n</execute>\n</execute>",
    expected: runs("print(1)", {
      thought: "<execute>",
      text: "<execute>\n<execute>\nprint(1)\n</execute>",
    }),
  },
  {
    name: "a tag that prose mentions before the block",
    message: "I use the <execute> tag.\n<execute>\nprint(1)\n</execute>",
    expected: runs("print(1)", { thought: "I use the <execute> tag." }),
  },
  {
    name: "a tag in backticks in an answer",
    message: "Put the code in `<execute>` and `</execute>`.",
    expected: answers("Put the code in `<execute>` and `</execute>`."),
  },
  {
    name: "a tag in quotes in an answer",
    message: 'Models write "<execute>" for that.',
    expected: answers('Models write "<execute>" for that.'),
  },
];
