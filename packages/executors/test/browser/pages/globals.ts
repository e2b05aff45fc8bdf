import { Agent, CodeActError, tool } from "@codeact/core";
import { ScriptedModel } from "@codeact/core/testing";
import { PyodideExecutor } from "@codeact/executors/pyodide";
import { z } from "zod";

/** What tests use in the page. */
const given = { Agent, CodeActError, PyodideExecutor, ScriptedModel, tool, z };

declare global {
  var codeact: typeof given;
}

globalThis.codeact = given;
