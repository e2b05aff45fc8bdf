import { testTarget } from "./test-target.js";

testTarget("ipykernel 6", { without: ["hostile code", "fork"] });
