/** The version of Pyodide that the tests run with; others of its first number may work. */
export const testedVersion = "314.0.7";
