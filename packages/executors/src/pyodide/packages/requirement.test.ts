import { describe, expect, it } from "vitest";
import { isTrue, markerEnvironment } from "./marker.js";
import { parseRequirement } from "./requirement.js";
import { RequirementError } from "./requirement-error.js";

const environment = markerEnvironment({ version: "3.14.2", abi: "2026_0" });

describe("a requirement", () => {
  it.each([
    ["Foo_Bar.baz", "foo-bar-baz", "", []],
    ["a>=1,<2.0", "a", ">=1,<2.0", []],
    ["a (>=1) ; extra == 'x'", "a", ">=1", []],
    ["a [One, two_2] ~= 1.4.2", "a", "~= 1.4.2", ["one", "two-2"]],
    ["a==1.*", "a", "==1.*", []],
    ["a ; python_version < '3'", "a", "", []],
  ])("is read from %s", (text, name, specifier, extras) => {
    expect(parseRequirement(text)).toMatchObject({ name, specifier, extras });
  });

  it.each([
    "",
    "a b",
    "-r file",
    "a @ https://example.com/a.whl",
    "https://example.com/a.whl",
    "a>>1",
    "../a",
    "a; nonsense",
    "a; os_name ==",
    "a; (os_name == 'posix'",
    "a; os_name == 'posix' or",
  ])("is not read from %j", (text) => {
    expect(() => parseRequirement(text)).toThrow(RequirementError);
  });

  it.each([
    ["python_version >= '3.10'", true],
    ["python_version < '3.9'", false],
    ["python_full_version == '3.14.*'", true],
    ["sys_platform == 'win32' or sys_platform == \"emscripten\"", true],
    ["sys_platform == 'emscripten' and platform_machine != 'wasm32'", false],
    ["os_name == 'nt' or os_name == 'posix' and python_version > '3'", true],
    ["(os_name == 'nt' or os_name == 'posix') and python_version < '3'", false],
    ["'wasm' in platform_machine", true],
    ["platform_system not in 'Windows Darwin'", true],
    ["extra == 'test'", false],
    ["platform.python_implementation == 'PyPy'", false],
  ])("counts where %s: %s", (marker, isSo) => {
    const { marker: parsed } = parseRequirement(`a; ${marker}`);
    expect(parsed && isTrue(parsed, environment)).toBe(isSo);
  });

  it("compares extras by their normal names", () => {
    const { marker } = parseRequirement("a; extra == 'Fast_Path'");
    expect(marker && isTrue(marker, { ...environment, extra: "fast-path" })).toBe(true);
  });
});
