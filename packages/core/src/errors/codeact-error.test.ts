import { describe, expect, it, vi } from "vitest";
import { CodeActError } from "./codeact-error.js";
import { ModelError } from "./model-error.js";

describe("isInstance", () => {
  it("knows errors of another copy of the package, which instanceof does not", async () => {
    vi.resetModules();
    const other = await import("./model-error.js");
    const { CodeActError: OtherError } = await import("./codeact-error.js");
    const error = new other.ModelError("model-server", "no");
    expect(error).not.toBeInstanceOf(CodeActError);
    expect(CodeActError.isInstance(error)).toBe(true);
    expect(ModelError.isInstance(error)).toBe(true);
    const plain = new OtherError("callback", "no");
    expect(CodeActError.isInstance(plain)).toBe(true);
    expect(ModelError.isInstance(plain)).toBe(false);
  });

  it.each([null, undefined, "text", {}, new Error("no"), { code: "callback" }])(
    "does not take %o for one",
    (value) => {
      expect(CodeActError.isInstance(value)).toBe(false);
      expect(ModelError.isInstance(value)).toBe(false);
    },
  );
});

describe("ModelError", () => {
  it("is retryable by its code unless it says otherwise", () => {
    expect(new ModelError("model-overloaded", "busy").retryable).toBe(true);
    expect(new ModelError("model-authentication", "no key").retryable).toBe(false);
    expect(new ModelError("model-server", "no", { retryable: false }).retryable).toBe(false);
  });
});
