import "@codeact/executors/pyodide/worker";
