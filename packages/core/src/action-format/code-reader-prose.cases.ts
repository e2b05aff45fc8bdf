import { answers, fails, type ReaderCase, runs } from "./code-reader.case.js";

const block = "<execute>\nprint(1)\n</execute>";

/** What models write when they go on without waiting. */
const inventions: readonly ReaderCase[] = [
  "Observation:\n1",
  "Observation: 1",
  "**Observation:** 1",
  "observation:\n1",
  "Execution Output:\n1",
  "Execution Result:\n1",
  "### Output:\n1",
  "Output:\n1",
  "Result: 1",
  "> Output: 1",
  "stdout: 1",
  "Out[1]: 1",
  "<observation>1</observation>",
  "<output>\n1\n</output>",
  "```output\n1\n```",
  "User: 1",
  "The output (of the code): 1",
].map((invention) => ({
  name: `nothing behind ${JSON.stringify(invention)} runs`,
  message: `${block}\n${invention}\n<execute>\nprint(2)\n</execute>`,
  expected: runs("print(1)", { text: block }),
}));

export const proseCases: readonly ReaderCase[] = [
  ...inventions,
  {
    name: "an invented observation and an answer",
    message: `${block}\n\nObservation:\n1\n\nThe answer is 1.`,
    expected: runs("print(1)", { text: block }),
  },
  {
    name: "an invented observation behind a fence",
    message: "```python\nprint(1)\n```\nOutput:\n```\n1\n```\n```python\nprint(2)\n```",
    expected: runs("print(1)", { text: "```python\nprint(1)\n```" }),
  },
  {
    name: "an invented observation in a block without its closing tag",
    message: "<execute>\nprint(1)\nObservation:\n1\nThe answer is 1.",
    expected: runs("print(1)", { text: block }),
  },
  {
    name: "an invented observation between two blocks without closing tags",
    message: "<execute>\nprint(1)\nObservation: 1\n<execute>\nprint(2)\n",
    expected: runs("print(1)", { text: block }),
  },
  {
    name: "the words in a string of the code are no observation",
    message: "<execute>\ns = '''\nObservation:\n1\n'''\nprint(s)\n",
    expected: runs("s = '''\nObservation:\n1\n'''\nprint(s)", {
      text: "<execute>\ns = '''\nObservation:\n1\n'''\nprint(s)\n</execute>",
    }),
  },
  {
    name: "an observation that prose only mentions",
    message: `${block}\nThe observation will tell.\n<execute>\nprint(2)\n</execute>`,
    expected: runs("print(1)\nprint(2)", { thought: "The observation will tell." }),
  },
  {
    name: "an observation before the first block is the thought",
    message: `Observation: the list is empty.\n${block}`,
    expected: runs("print(1)", { thought: "Observation: the list is empty." }),
  },

  ...["Observation:\n16", "Observation: 16", "**Observation:** 16\nThe sum is 16."].map(
    (message): ReaderCase => ({
      name: `${JSON.stringify(message)} is no answer`,
      message,
      expected: fails("invented-observation"),
    }),
  ),
  {
    name: "an invented observation behind reasoning is no answer",
    message: "<think>I add.</think>\nObservation:\n16",
    expected: fails("invented-observation"),
  },
  {
    name: "an answer that goes on about an observation",
    message: "The sum is 16.\nObservation: it is even.",
    expected: answers("The sum is 16.\nObservation: it is even."),
  },

  // Reasoning in the text.
  {
    name: "reasoning and a block",
    message: `<think>I add.</think>\n${block}`,
    expected: runs("print(1)", { thought: "I add." }),
  },
  {
    name: "code in reasoning never runs",
    message: "<think>\n<execute>\ndelete()\n</execute>\n</think>\nIt is 4.",
    expected: answers("It is 4.", { thought: "<execute>\ndelete()\n</execute>" }),
  },
  {
    name: "code in reasoning and another block",
    message: `<think>\n<execute>\ndelete()\n</execute>\n</think>\n${block}`,
    expected: runs("print(1)", { thought: "<execute>\ndelete()\n</execute>" }),
  },
  {
    name: "a fence in reasoning never runs",
    message: "<think>\n```python\ndelete()\n```\n</think>\nIt is 4.",
    expected: answers("It is 4.", { thought: "```python\ndelete()\n```" }),
  },
  {
    name: "a fence in reasoning and another one",
    message: "<think>\n```python\ndelete()\n```\n</think>\n```python\nprint(1)\n```",
    expected: runs("print(1)", { thought: "```python\ndelete()\n```" }),
  },
  ...["thinking", "thought", "reasoning", "Think"].map(
    (name): ReaderCase => ({
      name: `code in <${name}> never runs`,
      message: `<${name}><execute>delete()</execute></${name}>It is 4.`,
      expected: answers("It is 4.", { thought: "<execute>delete()</execute>" }),
    }),
  ),
  {
    name: "unclosed reasoning with code",
    message: "<think>\nI could do\n<execute>\ndelete()\n</execute>",
    expected: fails("empty"),
  },
  {
    name: "unclosed reasoning cut by the length limit",
    message: "<think>\nI could do\n<execute>\ndelete()\n",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "reasoning whose opening tag was in the prompt",
    message: `I could <execute>delete()</execute>.\n</think>\n\n${block}`,
    expected: runs("print(1)", { thought: "I could <execute>delete()</execute>." }),
  },
  {
    name: "reasoning whose opening tag was in the prompt, with an answer",
    message: "Two and two.\n</think>\n\nIt is 4.",
    expected: answers("It is 4.", { thought: "Two and two." }),
  },
  {
    name: "reasoning whose opening tag was in the prompt, with an open block",
    message: `I'll use <execute> for it. It's easy.\n</think>\n${block}`,
    expected: runs("print(1)", { thought: "I'll use <execute> for it. It's easy." }),
  },
  {
    name: "reasoning whose opening tag was in the prompt, with a whole and an open block",
    message: `<execute>delete()</execute>\nor\n<execute>\n</think>\n${block}`,
    expected: runs("print(1)", { thought: "<execute>delete()</execute>\nor\n<execute>" }),
  },
  {
    name: "reasoning whose opening tag was in the prompt, with a fence",
    message: "```python\ndelete()\n```\n</think>\nIt is 4.",
    expected: answers("It is 4.", { thought: "```python\ndelete()\n```" }),
  },
  {
    name: "reasoning twice",
    message: `<think>a</think>b\n<think>c</think>\n${block}`,
    expected: runs("print(1)", { thought: "a\nb\n\nc" }),
  },
  {
    name: "reasoning behind the block, dropped",
    message: `${block}\n<think>Now I wait.</think>`,
    expected: runs("print(1)", { text: block }),
  },
  {
    name: "reasoning inside a block",
    message: "<execute>\n<think>I add.</think>\nprint(1)\n</execute>",
    expected: runs("print(1)"),
  },
  {
    name: "a reasoning tag in a string of the code",
    message: '<execute>\nprint(text.split("</think>"))\n</execute>',
    expected: runs('print(text.split("</think>"))'),
  },
  {
    name: "reasoning and nothing else",
    message: "<think>Hm.</think>",
    expected: fails("empty"),
  },

  // Answers.
  {
    name: "an answer",
    message: "The answer is 42.",
    expected: answers("The answer is 42."),
  },
  {
    name: "an answer of several lines",
    message: "\n\nIt is\n\n- 1\n- 2\n\n",
    expected: answers("It is\n\n- 1\n- 2"),
  },
  {
    name: "an answer that compares",
    message: "It is so because 3 < 4 and 5 > 4.",
    expected: answers("It is so because 3 < 4 and 5 > 4."),
  },
  {
    name: "an answer in JSON",
    message: '{"celsius": 3}',
    expected: answers('{"celsius": 3}'),
  },
  {
    name: "an answer cut by the length limit",
    message: "The answer is, as I have sho",
    finishReason: "length",
    expected: fails("truncated"),
  },
  {
    name: "an answer that ended for another reason",
    message: "It is 4.",
    finishReason: "other",
    expected: answers("It is 4."),
  },
  {
    name: "an answer that broke off with an error",
    message: "It is",
    finishReason: "error",
    expected: fails("truncated"),
  },
  {
    name: "an answer stopped by a content filter",
    message: "I would say",
    finishReason: "content-filter",
    expected: fails("content-filter"),
  },
  { name: "nothing", message: "", expected: fails("empty") },
  { name: "blanks only", message: " \n\t\r\n", expected: fails("empty") },
  {
    name: "nothing, by a content filter",
    message: "",
    finishReason: "content-filter",
    expected: fails("content-filter"),
  },
  {
    name: "nothing, by the length limit",
    message: "",
    finishReason: "length",
    expected: fails("truncated"),
  },
];
