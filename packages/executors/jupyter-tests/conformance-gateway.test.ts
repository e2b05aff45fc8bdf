import { testTarget } from "./test-target.js";

testTarget("kernel gateway", { without: ["hostile code", "fork"] });
