import { describe, expect, it } from "vitest";
import { joinBytes } from "../../bridge/utf8.js";
import { packetHead, packetKinds, PacketReader } from "./packet.js";

describe("PacketReader", () => {
  it.each([1, 2, 7, 1000])("reads packets that come in pieces of %i bytes", (pieceLength) => {
    const contents = [new Uint8Array(0), Uint8Array.of(1, 2, 3), new Uint8Array(20).fill(9)];
    const bytes = joinBytes(
      contents.flatMap((content) => [packetHead(packetKinds.stderr, content.length), content]),
    );
    const read: Uint8Array[] = [];
    let open: Uint8Array[] = [];
    const reader = new PacketReader((kind, content, isLast) => {
      expect(kind).toBe(packetKinds.stderr);
      open.push(content);
      if (!isLast) return;
      read.push(joinBytes(open));
      open = [];
    });
    for (let start = 0; start < bytes.length; start += pieceLength) {
      reader.push(bytes.subarray(start, start + pieceLength));
    }
    expect(read).toEqual(contents);
  });
});
