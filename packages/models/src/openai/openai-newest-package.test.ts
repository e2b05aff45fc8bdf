import { vi } from "vitest";
import { describeOpenAIPackage } from "../../test/openai-package.js";

// The newest that the peer range admits.
vi.mock("openai", () => import("openai-newest"));

describeOpenAIPackage("the newest package", /OpenAI\/JS 7\./);
