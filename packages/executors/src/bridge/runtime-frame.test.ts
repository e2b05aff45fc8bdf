import { describe, expect, it } from "vitest";
import { FrameParser, type RawFrame } from "./frame-parser.js";
import { ProtocolError } from "./protocol-error.js";
import { readRuntimeFrame, type RuntimeFrame } from "./runtime-frame.js";

function read(json: string): RuntimeFrame {
  const frames: RawFrame[] = [];
  new FrameParser((frame) => frames.push(frame)).push(Buffer.from(`${json}\n`));
  return readRuntimeFrame(frames[0] as RawFrame);
}

const error = '{"type":"E","message":"m","traceback":"t","frames":[{"line":1,"function":"f"}]}';

describe("readRuntimeFrame", () => {
  it("reads each type, and nothing that it does not know", () => {
    expect(read('{"type":"ready","python":"3.11.2","pid":5,"extra":1}')).toEqual({
      type: "ready",
      python: "3.11.2",
      pid: 5,
    });
    expect(
      read('{"type":"display","cell":1,"source":"result","data":{"text/plain":"2"},"mark":7}'),
    ).toMatchObject({ type: "display", cell: 1, data: { "text/plain": "2" }, mark: 7 });
    expect(read(`{"type":"done","cell":1,"status":"error","error":${error},"mark":null}`)).toEqual({
      type: "done",
      mark: 0,
      cell: 1,
      status: "error",
      error: JSON.parse(error) as unknown,
    });
    expect(read('{"type":"fault","message":"m"}')).toEqual({ type: "fault", message: "m" });
    expect(read('{"type":"tool-call","id":"1","cell":2,"name":"n","input":{}}')).toMatchObject({
      type: "tool-call",
      id: "1",
      cell: 2,
      name: "n",
    });
  });

  it("drops from a bundle what is nested too deeply", () => {
    const deep = `${"[".repeat(5000)}${"]".repeat(5000)}`;
    const frame = read(
      `{"type":"display","cell":1,"source":"display","data":{"text/plain":"x","application/json":${deep}}}`,
    );
    expect(frame).toMatchObject({ data: { "text/plain": "x" } });
    expect(Object.keys((frame as { data: object }).data)).toEqual(["text/plain"]);
  });

  it.each([
    "{}",
    '{"type":"hello"}',
    '{"type":"constructor"}',
    '{"type":["done"]}',
    '{"type":"ready","python":3,"pid":1}',
    '{"type":"ready","python":"3","pid":"1"}',
    '{"type":"ready","python":"3","pid":-1}',
    '{"type":"tool-call","id":1,"cell":1,"name":"n","input":1}',
    '{"type":"tool-call","id":"","cell":1,"name":"n","input":1}',
    `{"type":"tool-call","id":"${"x".repeat(300)}","cell":1,"name":"n","input":1}`,
    '{"type":"tool-call","id":"1","cell":1e300,"name":"n","input":1}',
    '{"type":"tool-call","id":"1","cell":1,"name":null,"input":1}',
    '{"type":"tool-call","id":"1","cell":1,"name":"n","input":1,"mark":"1"}',
    '{"type":"tool-call","id":"1","cell":1,"name":"n","input":1,"mark":1.5}',
    '{"type":"display","cell":1,"source":"other","data":{}}',
    '{"type":"display","cell":1,"source":"result","data":[]}',
    '{"type":"display","cell":1,"source":"result","data":null}',
    '{"type":"display","cell":1,"source":"result","data":"x"}',
    '{"type":"done","cell":1,"status":"great"}',
    '{"type":"done","status":"ok"}',
    '{"type":"done","cell":1,"status":"error","error":"x"}',
    '{"type":"done","cell":1,"status":"error","error":{"type":"E","message":"m","traceback":"t"}}',
    '{"type":"done","cell":1,"status":"error","error":{"type":"E","message":1,"traceback":"t","frames":[]}}',
    '{"type":"done","cell":1,"status":"error","error":{"type":"E","message":"m","traceback":"t","frames":[1]}}',
    '{"type":"done","cell":1,"status":"error","error":{"type":"E","message":"m","traceback":"t","frames":[{"line":"1","function":"f"}]}}',
    '{"type":"fault"}',
    '{"__proto__":{"type":"fault","message":"m"}}',
  ])("refuses %s", (json) => {
    expect(() => read(json)).toThrow(ProtocolError);
  });
});
