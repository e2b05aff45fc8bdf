import { testTarget } from "./test-target.js";

testTarget("jupyter-server");
