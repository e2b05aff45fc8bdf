import { check, checkEqual, checkStatus } from "../assertions.js";
import { cellCase, checkUsable, displays, lines } from "../cells.js";
import type { ConformanceCase, ConformanceGroup } from "../conformance-case.js";

const onePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

/** Where the module is missing, nothing can be asserted and nothing is. */
function withModule(
  module: string,
  name: string,
  code: string,
  verify: (data: ReturnType<typeof displays>) => void,
): ConformanceCase {
  return {
    name: `${name} (needs ${module})`,
    async run(context) {
      const probe = await context.run(
        `import importlib.util\nimportlib.util.find_spec("${module}")`,
      );
      if (displays(probe, "result").length === 0) return;
      const result = await context.run(code);
      checkStatus(result, "ok");
      verify(displays(result));
    },
  };
}

/** The value of the last expression, and rich display. */
export const resultGroup: ConformanceGroup = {
  name: "results and display",
  cases: [
    cellCase("shows the last expression", "1\n2\n40 + 2", { shown: "42" }),
    cellCase("shows a string by repr", "'a\"b'", { shown: "'a\"b'" }),
    cellCase("shows an expression of several lines", "(\n 1 +\n 2\n)", { shown: "3" }),
    cellCase("shows nothing for None", "None", { shown: null }),
    cellCase("shows nothing for an assignment", "r_x = 5", { shown: null }),
    cellCase("shows nothing for an expression in a block", "if True:\n    5", { shown: null }),
    cellCase("shows nothing of a failed cell", "r_y = 5\nr_y\n1/0", {
      status: "error",
      shown: null,
    }),
    cellCase("shows falsy values", "[0, '', [], False][1]", { shown: "''" }),
    {
      name: "orders prints, displays and the result",
      async run(context) {
        const result = await context.run("print('a')\ndisplay('b')\nprint('c')\n'd'");
        checkStatus(result, "ok");
        const order = result.outputs.map((output) =>
          output.type === "text"
            ? output.text
            : `${output.source} ${JSON.stringify(output.data["text/plain"])}`,
        );
        checkEqual(order, ["a\n", `display "'b'"`, "c\n", `result "'d'"`], "outputs");
      },
    },
    {
      name: "displays several values",
      async run(context) {
        const result = await context.run("display(1, [2])");
        checkEqual(
          displays(result, "display").map((output) => output.data["text/plain"]),
          ["1", "[2]"],
          "displays",
        );
      },
    },
    ...(
      [
        ["_repr_html_", "'<b>x</b>'", "text/html", "<b>x</b>"],
        ["_repr_markdown_", "'**x**'", "text/markdown", "**x**"],
        ["_repr_svg_", "'<svg/>'", "image/svg+xml", "<svg/>"],
        ["_repr_json_", "{'a': [1, None]}", "application/json", { a: [1, null] }],
        ["_repr_png_", `__import__('base64').b64decode('${onePixel}')`, "image/png", onePixel],
      ] as const
    ).map(
      ([method, value, mimeType, expected]): ConformanceCase => ({
        name: `uses ${method}`,
        async run(context) {
          const result = await context.run(
            lines("class R:", `    def ${method}(self):`, `        return ${value}`, "R()"),
          );
          checkStatus(result, "ok");
          const [data] = displays(result, "result").map((output) => output.data);
          check(data !== undefined, "the value was not shown");
          // Encoders may fold base64 into lines.
          const actual = data[mimeType];
          const found = typeof actual === "string" ? actual.trim() : actual;
          checkEqual(found, expected, mimeType);
          check(typeof data["text/plain"] === "string", "text/plain is missing");
        },
      }),
    ),
    {
      name: "uses _repr_mimebundle_ and keeps all of it, as of Vega and Plotly",
      async run(context) {
        const bundle = {
          "text/plain": "plain",
          "text/html": "<i>rich</i>",
          "application/vnd.vegalite.v5+json": { mark: "bar", data: { values: [{ a: 1.5 }] } },
          "application/vnd.plotly.v1+json": { data: [{ y: [1, 2], type: "bar" }], layout: {} },
        };
        const result = await context.run(
          lines(
            "import json",
            "class R:",
            "    def _repr_mimebundle_(self, include=None, exclude=None):",
            `        return json.loads(${JSON.stringify(JSON.stringify(bundle))})`,
            "R()",
          ),
        );
        checkStatus(result, "ok");
        const [data] = displays(result, "result").map((output) => output.data);
        for (const [mimeType, expected] of Object.entries(bundle)) {
          checkEqual(data?.[mimeType], expected, mimeType);
        }
      },
    },
    {
      name: "survives a repr that raises",
      async run(context) {
        const result = await context.run(
          "class R:\n    def __repr__(self):\n        raise RuntimeError('no repr')\nR()",
        );
        checkStatus(result, "ok", "error");
        checkEqual(result.state, "kept", "state");
        await checkUsable(await context.shared());
      },
    },
    {
      name: "bounds a huge repr by the output limit",
      async run(context) {
        const result = await context.run("'x' * 30_000_000", { maxOutputBytes: 100_000 });
        checkStatus(result, "ok");
        check(JSON.stringify(result.outputs).length <= 300_000, "outputs are not bounded");
        await checkUsable(await context.shared());
      },
    },
    withModule(
      "pandas",
      "shows a table in text and HTML",
      "import pandas\npandas.DataFrame({'a': [1]})",
      ([output]) => {
        check(
          JSON.stringify(output?.data["text/html"]).includes("<table"),
          "text/html has no table",
        );
        check(typeof output?.data["text/plain"] === "string", "text/plain is missing");
      },
    ),
    withModule(
      "matplotlib",
      "shows figures without plt.show()",
      "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone",
      (outputs) => {
        const images = outputs.filter((output) => "image/png" in output.data);
        checkEqual(images.length, 1, "figures");
      },
    ),
  ],
};
