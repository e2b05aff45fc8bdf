const keywords = new Set(
  `False None True and as assert async await break class continue def del elif else except finally
  for from global if import in is lambda nonlocal not or pass raise return try while with yield
  __debug__`.split(/\s+/),
);

const builtins = new Set(
  `abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr classmethod
  compile complex copyright credits delattr dict dir divmod enumerate eval exec exit filter float
  format frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter
  len license list locals map max memoryview min next object oct open ord pow print property quit
  range repr reversed round set setattr slice sorted staticmethod str sum super tuple type vars zip
  Ellipsis NotImplemented StopIteration StopAsyncIteration GeneratorExit KeyboardInterrupt
  SystemExit BaseExceptionGroup ExceptionGroup Warning Exception BaseException`.split(/\s+/),
);

const namespace = new Set(["final_answer", "display", "ToolError", "In", "Out", "get_ipython"]);

/** The names of `typing` that stubs use. */
export const typingNames = [
  "Any",
  "Literal",
  "NoReturn",
  "Optional",
  "TypedDict",
  "Union",
] as const;

// Scripts whose letters every supported Python knows. What newer versions of Unicode add to Node
// may still be a syntax error in Python.
const ranges =
  "A-Za-z_\\u00aa-\\u024f\\u0370-\\u052f\\u05d0-\\u05ea\\u0620-\\u064a\\u0900-\\u0963\\u0e01-\\u0e4e\\u3041-\\u30fa\\u4e00-\\u9fa5\\uac00-\\ud7a3";
const allowedCharacter = new RegExp(`^[0-9${ranges}]$`, "u");
const continues = /^[_\p{XID_Continue}]$/u;
const starts = /^[_\p{XID_Start}]$/u;

/**
 * Turns any name into an identifier: what Python does not allow becomes `_`. Names are normalised
 * as Python does it, so that two names which Python takes for one are one here too. Keywords are
 * not changed.
 */
export function toIdentifier(name: string): string {
  const characters = [...name.normalize("NFKC")].map((character) =>
    allowedCharacter.test(character) && continues.test(character) ? character : "_",
  );
  const identifier = characters.join("");
  return starts.test(characters[0] ?? "") ? identifier : `_${identifier}`;
}

/** An identifier that can name a parameter: a keyword gets a `_` at its end. */
export function toParameterName(name: string): string {
  const identifier = toIdentifier(name);
  return keywords.has(identifier) ? `${identifier}_` : identifier;
}

/** Why a function of this name must not be defined in the model's namespace, if so. */
export function reservedReason(identifier: string): string | undefined {
  if (keywords.has(identifier)) return "is a keyword of Python";
  if (builtins.has(identifier) || /^[A-Z][a-zA-Z]+(Error|Warning)$/.test(identifier)) {
    return "would hide a builtin of Python";
  }
  if (namespace.has(identifier)) return "is reserved";
  if (typingNames.some((name) => name === identifier)) return "would hide a name of typing";
  if (/^_+$/.test(identifier) || /^__.*__$/.test(identifier)) return "has a meaning in Python";
  return undefined;
}

/** `get_weather` → `GetWeather`. */
export function toClassName(name: string): string {
  return toIdentifier(name)
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** Whether a key can stand in the body of a TypedDict class and mean itself. */
export function isPlainKey(key: string): boolean {
  // In a class body, names with two leading underscores are mangled.
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !keywords.has(key) && !key.startsWith("__");
}
