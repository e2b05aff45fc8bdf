import { testTarget } from "./test-target.js";

testTarget("enterprise gateway", { without: ["hostile code", "fork"] });
