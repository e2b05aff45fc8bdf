import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ServerSentEventDecoder } from "./server-sent-events.js";

function decode(...pieces: string[]): [string, string][] {
  const decoder = new ServerSentEventDecoder();
  const events = [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()];
  return events.map(({ event, data }) => [event, data]);
}

describe("ServerSentEventDecoder", () => {
  const cases: [name: string, stream: string, expected: [string, string][]][] = [
    [
      "lines that end in LF",
      "data: a\n\ndata: b\n\n",
      [
        ["", "a"],
        ["", "b"],
      ],
    ],
    [
      "lines that end in CRLF",
      "data: a\r\n\r\ndata: b\r\n\r\n",
      [
        ["", "a"],
        ["", "b"],
      ],
    ],
    [
      "lines that end in CR",
      "data: a\r\rdata: b\r\r",
      [
        ["", "a"],
        ["", "b"],
      ],
    ],
    ["data of several lines", "data: a\ndata: b\n\n", [["", "a\nb"]]],
    [
      "named events, for one event only",
      "event: x\ndata: a\n\ndata: b\n\n",
      [
        ["x", "a"],
        ["", "b"],
      ],
    ],
    ["a missing space", "data:a\n\n", [["", "a"]]],
    ["only one space taken", "data:  a\n\n", [["", " a"]]],
    ["comments", ": keep-alive\n\n:\ndata: a\n\n", [["", "a"]]],
    ["other fields", "id: 1\nretry: 5\nnonsense\ndata: a\n\n", [["", "a"]]],
    [
      "empty data",
      "data\n\ndata:\n\n",
      [
        ["", ""],
        ["", ""],
      ],
    ],
    ["an event without data", "event: x\n\n", []],
    ["an end before the blank line", "data: a", [["", "a"]]],
    ["nothing", "", []],
  ];
  it.each(cases)("reads %s", (_name, stream, expected) => {
    expect(decode(stream)).toEqual(expected);
    expect(decode(...stream)).toEqual(expected);
  });

  it("does not care how the stream is cut", () => {
    const line = fc.constantFrom(
      "data: a",
      "data:b",
      "event: x",
      ": c",
      "",
      "data",
      "\u2028data: d",
    );
    const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
    const stream = fc.array(fc.tuple(line, lineEnd)).map((lines) => lines.flat().join(""));
    fc.assert(
      fc.property(stream, fc.array(fc.nat(60)), (text, cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = places.slice(1).map((end, index) => text.slice(places[index], end));
        expect(decode(...pieces)).toEqual(decode(text));
      }),
    );
  });
});
