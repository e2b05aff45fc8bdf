import { expect, test } from "vitest";
import type { Detokenize } from "./token-text.js";
import { TokenText } from "./token-text.js";

type Token = Parameters<Detokenize>[0][number];

/** Tokens that are bytes. */
const bytes = (text: string): Token[] => [...new TextEncoder().encode(text)] as Token[];
const detokenize: Detokenize = (tokens) => new TextDecoder().decode(Uint8Array.from(tokens));

test("holds back a character until its last token", () => {
  const text = new TokenText(detokenize, []);
  const pieces = bytes("aé🎉").map((token) => text.push(token));
  expect(pieces).toEqual(["a", "", "é", "", "", "", "🎉"]);
  expect(text.flush()).toBe("");
});

test("keeps characters whole that no token ends with", () => {
  const wide = new TokenText((tokens) => {
    const bytesOfAll = new TextEncoder().encode(`a${"漢".repeat(9)}`);
    // Three bytes a token, which end one byte before a character does.
    return new TextDecoder().decode(bytesOfAll.slice(0, tokens.length * 3));
  }, []);
  const pieces = Array.from({ length: 9 }, (_, index) => wide.push(index as Token));
  expect(pieces).toEqual(["a", ..."漢".repeat(8)]);
  expect(wide.flush()).toBe("\ufffd");
});

test("gives up on bytes that are no character", () => {
  const text = new TokenText(detokenize, []);
  const pieces = [0xff, 0xff, 0xff, 0xff, 0x61].map((byte) => text.push(byte as Token));
  expect(pieces).toEqual(["", "", "", "\ufffd".repeat(4), "a"]);
});

test("gives what is left of a character at the end", () => {
  const text = new TokenText(detokenize, []);
  text.push(0xc3 as Token);
  expect(text.flush()).toBe("\ufffd");
  expect(text.flush()).toBe("");
});

test("tells which tokens came before", () => {
  const seen: number[][] = [];
  const text = new TokenText((tokens, before) => {
    seen.push([...before]);
    return detokenize(tokens, before);
  }, bytes("0123456789"));
  for (const token of bytes("ab")) text.push(token);
  expect(seen).toEqual([bytes("23456789"), bytes("3456789a")]);
});
