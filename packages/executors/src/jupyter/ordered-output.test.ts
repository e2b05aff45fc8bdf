import { describe, expect, it } from "vitest";
import { type NumberedOutput, OrderedOutput } from "./ordered-output.js";

const output = (number: number): NumberedOutput => ({
  number,
  lost: 0,
  type: "stream",
  content: {},
});

function collected() {
  const taken: number[] = [];
  let asked = 0;
  const ordered = new OrderedOutput(
    ({ number }) => taken.push(number),
    () => {
      asked++;
    },
  );
  return { ordered, taken, asked: () => asked };
}

describe("OrderedOutput", () => {
  it("takes what comes in order at once, and nothing twice", () => {
    const { ordered, taken, asked } = collected();
    for (const number of [1, 2, 2, 1, 3]) ordered.add(output(number));
    expect([taken, asked()]).toEqual([[1, 2, 3], 0]);
  });

  it("asks for what is missing, once, and keeps what came after it", () => {
    const { ordered, taken, asked } = collected();
    for (const number of [1, 3, 4]) ordered.add(output(number));
    expect([taken, asked()]).toEqual([[1], 1]);
    ordered.add(output(2));
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it("takes the missing pieces out of an answer", () => {
    const { ordered, taken } = collected();
    ordered.add(output(4));
    expect(ordered.fill([1, 2, 3, 4].map(output))).toBe(false);
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it("goes on without what nobody has, and says so", () => {
    const { ordered, taken } = collected();
    ordered.add(output(4));
    expect(ordered.fill([output(1)])).toBe(true);
    expect(taken).toEqual([1, 4]);
    expect(ordered.skipTo(6)).toBe(true);
    expect(ordered.skipTo(6)).toBe(false);
    ordered.add(output(7));
    expect(taken).toEqual([1, 4, 7]);
  });

  it("tells when a number was reached, or that it was not", async () => {
    const { ordered } = collected();
    await ordered.reached(0, 60_000);
    const waiting = ordered.reached(2, 60_000);
    ordered.add(output(1));
    ordered.add(output(2));
    await waiting;
    await ordered.reached(9, 1);
    const closed = ordered.reached(9, 60_000);
    ordered.close();
    await closed;
  });
});
