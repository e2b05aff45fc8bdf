import { describe, expect, it } from "vitest";
import { ModelError } from "../errors/model-error.js";
import { resolveRetry, waitForRetry } from "./retry.js";

const retry = resolveRetry({ attempts: 3, initialDelayMs: 1, maxDelayMs: 5 });
const never = new AbortController().signal;

describe("waitForRetry", () => {
  it("waits for a retryable error", async () => {
    const error = new ModelError("model-overloaded", "busy");
    await expect(waitForRetry(error, 1, retry, never)).resolves.toBeUndefined();
    await expect(waitForRetry(error, 2, retry, never)).resolves.toBeUndefined();
  });

  it("gives up at the last attempt", async () => {
    const error = new ModelError("model-overloaded", "busy");
    await expect(waitForRetry(error, 3, retry, never)).rejects.toBe(error);
  });

  it.each([
    new ModelError("model-authentication", "no key"),
    new ModelError("model-server", "broken", { retryable: false }),
    new Error("not a model error"),
  ])("rethrows what is not retryable: %s", async (error) => {
    await expect(waitForRetry(error, 1, retry, never)).rejects.toBe(error);
  });

  it("waits as long as the server asked", async () => {
    const patient = resolveRetry({ attempts: 2, initialDelayMs: 0, maxDelayMs: 1000 });
    const error = new ModelError("model-rate-limit", "slow down", { retryAfterMs: 40 });
    const started = performance.now();
    await waitForRetry(error, 1, patient, never);
    // Timers may fire a little early.
    expect(performance.now() - started).toBeGreaterThan(35);
  });

  it("rethrows when the server asks for more than the policy allows", async () => {
    const error = new ModelError("model-rate-limit", "slow down", { retryAfterMs: 60_000 });
    await expect(waitForRetry(error, 1, retry, never)).rejects.toBe(error);
  });

  it("ends with the abort's reason", async () => {
    const patient = resolveRetry({ initialDelayMs: 60_000, maxDelayMs: 60_000 });
    const controller = new AbortController();
    const waiting = waitForRetry(
      new ModelError("model-overloaded", "busy"),
      1,
      patient,
      controller.signal,
    );
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});

describe("resolveRetry", () => {
  it.each([{ attempts: 0 }, { attempts: 1.5 }, { initialDelayMs: -1 }, { maxDelayMs: -1 }])(
    "refuses %o",
    (options) => {
      expect(() => resolveRetry(options)).toThrowError(
        expect.objectContaining({ code: "invalid-option" }) as Error,
      );
    },
  );
});
