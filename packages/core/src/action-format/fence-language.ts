/** What the text behind the opening marks of a fence says of its content. */
export interface FenceInfo {
  language: "python" | "unnamed" | "other";
  /** Code that stands on the fence's own line, as some models write it. */
  code: string;
}

const pythonNames = /^(?:i?python|py)[\d.]*$|^(?:tool_code|execute|python-?code)$/;

// Needed only to tell a name from code where both are on the fence's line.
const otherNames = new Set(
  (
    "bash sh shell zsh console powershell json jsonc yaml yml toml xml html css sql js javascript " +
    "ts typescript java c cpp rust go ruby text txt plain plaintext output result observation " +
    "stdout markdown md csv tsv diff latex pycon"
  ).split(" "),
);

/** Reads the info string of a fence: `python`, `Python3 title="x"`, `{.py}`, ``, `print(1)`. */
export function parseFenceInfo(info: string): FenceInfo {
  const text = info.trim();
  if (text === "") return { language: "unnamed", code: "" };
  const [, word = "", rest = ""] = /^[{.]{0,2}([\w+#.-]+)([^]*)$/.exec(text) ?? [];
  const name = word.toLowerCase();
  if (pythonNames.test(name) && !/^\s*[=(]/.test(rest)) {
    const isAttribute = text.startsWith("{") || isAttributes(rest);
    return { language: "python", code: isAttribute ? "" : rest.trim() };
  }
  if (word === text || otherNames.has(name)) return { language: "other", code: "" };
  return { language: "unnamed", code: text };
}

/** `:main.py`, ` title="x" {1,3}`, ` main.py`, `}`: what may follow a language without being code. */
function isAttributes(rest: string): boolean {
  return /^(?:[:,}][^ ]*)?(?:\s+(?:[\w-]+=(?:"[^"]*"|'[^']*'|[^\s"'=]+)(?=\s|$)|\{[^}]*\}|[\w./-]+\.py\b))*\s*$/.test(
    rest,
  );
}
