/** Bytes that a cell writes on the channel besides the runtime. */
export interface Forgery {
  name: string;
  /** Python: the bytes. The cell has the number 1. */
  bytes: string;
  /** What the handler gets by it: no more than an honest call of a declared tool. */
  calls?: readonly unknown[];
  /** The host waits for the rest, until the clock of the cell ends it. */
  hangs?: boolean;
}

/** A line of JSON as Python bytes. */
function line(frame: object): string {
  return `${JSON.stringify(JSON.stringify(frame))}.encode() + b"\\n"`;
}

const call = { type: "tool-call", id: "f", cell: 1, name: "call", input: "forged" };
const display = { type: "display", cell: 1, source: "display", data: { "text/plain": "x" } };
const done = { type: "done", cell: 1, status: "ok" };

function forged(name: string, frame: object, calls?: readonly unknown[]): Forgery {
  return { name, bytes: line(frame), ...(calls && { calls }) };
}

export const forgeries: readonly Forgery[] = [
  forged("a call", call, ["forged"]),
  forged("a call that was answered, once more", { ...call, id: "control", input: "control" }, [
    "control",
  ]),
  { name: "a call twice", bytes: `(${line(call)}) * 2`, calls: ["forged"] },
  forged("a call of an undeclared tool", { ...call, name: "undeclared" }),
  forged("a call of a member of every object", { ...call, name: "constructor" }),
  forged("a call of __proto__", { ...call, name: "__proto__" }),
  forged("a call with a name that is no text", { ...call, name: ["call"] }),
  forged("a call of an earlier cell", { ...call, cell: 0 }),
  forged("a call of a later cell", { ...call, cell: 2 }),
  forged("a call of a cell of a sibling", { ...call, cell: 41 }),
  forged("a call of cell true", { ...call, cell: true }),
  forged("a call of cell '1'", { ...call, cell: "1" }),
  forged("a call of cell 1.5", { ...call, cell: 1.5 }),
  forged("a call without an input", { ...call, input: undefined }),
  forged("a call without an id", { ...call, id: undefined }),
  forged("a call with an empty id", { ...call, id: "" }),
  forged("a call with an id of 1,000 characters", { ...call, id: "i".repeat(1000) }),
  forged("a call with the id __proto__", { ...call, id: "__proto__" }, ["forged"]),
  forged("a call with the id 7", { ...call, id: 7 }),
  forged("a call in a list", [call]),
  forged("a call inside of a display", { ...display, data: { "text/plain": call } }),
  { ...forged("a call with a mark that never comes", { ...call, mark: 999_999 }), hangs: true },
  forged("a call with a negative mark", { ...call, mark: -1 }),
  forged("a call with two types", { ...call, Type: "execute" }, ["forged"]),
  {
    name: "a call whose type comes twice",
    bytes: `b'{"type":"execute","type":"tool-call","id":"f","cell":1,"name":"call","input":"forged"}\\n'`,
    calls: ["forged"],
  },
  { name: "a call after a byte order mark", bytes: `b"\\xef\\xbb\\xbf" + ${line(call)}` },
  { name: "a call after NUL", bytes: `b"\\0" + ${line(call)}` },
  { name: "a call in UTF-16", bytes: `(${line(call)}).decode().encode("utf-16")` },
  {
    name: "a call with broken UTF-8",
    bytes: `b'{"type":"tool-call","id":"f","cell":1,"name":"call\\xff","input":1}\\n'`,
  },
  {
    name: "20,000 calls of an earlier cell",
    bytes: `(${line({ ...call, cell: 0 })}) * 20_000`,
  },
  forged("the end of this cell", done),
  forged("the end of another cell", { ...done, cell: 2 }),
  forged("the end of this cell with an unknown status", { ...done, status: "approved" }),
  forged("the end of this cell with an error that is no error", { ...done, error: 7 }),
  forged("the start of the runtime", { type: "ready", python: "3", pid: 1 }),
  forged("the answer to a fork", { type: "forked", ok: true }),
  forged("a fault of the runtime", { type: "fault", message: "m" }),
  forged("a frame of the host: execute", { type: "execute", cell: 1, code: "1" }),
  forged("a frame of the host: hello", { type: "hello", nonce: "0", tools: [], workspace: "/" }),
  forged("a frame of the host: a tool's result", {
    type: "tool-result",
    id: "control",
    ok: true,
    value: 1,
  }),
  forged("a frame of the host: close", { type: "close" }),
  forged("a frame of the relay", { type: "spawn", argv: ["id"] }),
  forged("a frame of type __proto__", { type: "__proto__" }),
  {
    name: "a prototype with a call",
    bytes: `b'{"__proto__":{"type":"tool-call","id":"f","cell":1,"name":"call","input":1}}\\n'`,
  },
  forged("a display with 101 representations", {
    ...display,
    data: Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`text/${index}`, "x"])),
  }),
  forged("a display of another cell", { ...display, cell: 2 }),
  {
    name: "a display with a prototype",
    bytes: `b'{"type":"display","cell":1,"source":"display","data":{"__proto__":{"polluted":1}}}\\n'`,
  },
  {
    name: "a display 100,000 levels deep",
    bytes: `b'{"type":"display","cell":1,"source":"display","data":{"a":' + b'[' * 100_000 + b']' * 100_000 + b'}}\\n'`,
  },
  forged("blobs of a negative length", { ...display, blobs: [-1] }),
  forged("blobs of half a byte", { ...display, blobs: [0.5] }),
  forged("blobs whose length is text", { ...display, blobs: ["1"] }),
  forged("blobs of 1 TB", { ...display, blobs: [2 ** 40] }),
  forged("70,000 blobs", { ...display, blobs: Array.from({ length: 70_000 }, () => 0) }),
  { ...forged("a blob that never comes", { ...display, blobs: [200_000_000] }), hangs: true },
  { name: "a line that never ends", bytes: `b'{"type":' + b" " * 1_000_000` },
  { name: "an empty line", bytes: `b"\\n"` },
  { name: "null", bytes: `b"null\\n"` },
  { name: "17 MiB without a newline", bytes: `b"[" * (17 << 20)` },
  { name: "random bytes", bytes: `os.urandom(100_000)` },
];
