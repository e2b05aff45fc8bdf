import { expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.js";

const nowMs = Date.parse("2030-01-01T00:00:00Z");
const cases: [headers: Record<string, string>, expected: number | undefined][] = [
  [{}, undefined],
  [{ "retry-after": "3" }, 3_000],
  [{ "retry-after": "0.5" }, 500],
  [{ "retry-after": "-1" }, 0],
  [{ "retry-after": "Tue, 01 Jan 2030 00:00:10 GMT" }, 10_000],
  [{ "retry-after": "Mon, 31 Dec 2029 00:00:00 GMT" }, 0],
  [{ "retry-after": "soon" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "retry-after-ms": "250", "retry-after": "3" }, 250],
  [{ "retry-after-ms": "x", "retry-after": "3" }, 3_000],
];

it.each(cases)("%o → %o", (headers, expected) => {
  expect(retryAfterMs(new Headers(headers), nowMs)).toBe(expected);
});
