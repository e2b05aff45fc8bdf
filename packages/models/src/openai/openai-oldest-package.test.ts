import { vi } from "vitest";
import { describeOpenAIPackage } from "../../test/openai-package.js";

// The oldest that the peer range admits.
vi.mock("openai", () => import("openai-oldest"));

describeOpenAIPackage("the oldest package", /OpenAI\/JS 6\.0\.0/);
