"""`!command` and the magics of IPython that make sense here, turned into Python.

Only cells that Python cannot parse come here: no valid statement begins with `!` or `%`. Lines
keep their numbers. What the statements become are calls of `magics.Magics`.
"""

from __future__ import annotations

import re

from .cells import MAGICS_NAME as _MAGICS

_CANDIDATE = re.compile(r"^\s*(?:%%|%|!|[\w.,\[\]'\" ]+=\s*[!%])", re.MULTILINE)
_SHELL = re.compile(r"(\s*)!{1,2}(.*)", re.DOTALL)
_ASSIGNED_SHELL = re.compile(r"(\s*)([^=!%#]+?)\s*=\s*!(.*)", re.DOTALL)
_MAGIC = re.compile(r"(\s*)(?:([^=!%#]+?)\s*=\s*)?%(\w+)(?:[ \t]+(.*))?$", re.DOTALL)
_CELL_MAGIC = re.compile(r"\s*%%(\w+)[ \t]*([^\n]*)(?:\n|$)")
_TOKEN = re.compile(r"'''|\"\"\"|['\"]|[\[({]|[\])}]|#|\\.", re.DOTALL)
_PIECE = re.compile(r"\$\$(\w+)|\$(\w+)|\$\{[^}]*\}|\{\{|\}\}|\{([^{}]*)\}")

LINE_MAGICS = "%pip, %cd, %pwd, %ls, %env, %time, %matplotlib"
CELL_MAGICS = "%%bash, %%sh, %%time, %%writefile"


def transform(source: str, filename: str) -> str | None:
    """The cell as Python; None if it holds nothing to transform.

    Raises SyntaxError for a magic that does not exist here.
    """
    if not _CANDIDATE.search(source):
        return None
    cell_magic = _CELL_MAGIC.match(source)
    if cell_magic is not None:
        return _transform_cell(source, cell_magic, filename)
    return _transform_lines(source, filename)


def _transform_cell(source: str, match: re.Match[str], filename: str) -> str:
    name, argument = match.group(1), match.group(2).strip()
    before = source[: match.end()].count("\n") - match.group(0).rstrip("\n").count("\n")
    body = source[match.end() :]
    lead = "\n" * (source[: match.start(1)].count("\n"))
    if name in ("bash", "sh"):
        return f"{lead}{_MAGICS}.run_script({name!r}, {body!r})"
    if name == "writefile":
        append = argument.startswith("-a ")
        path = argument[3:].strip() if append else argument
        return f"{lead}{_MAGICS}.write_file({path!r}, {body!r}, {append})"
    if name == "time":
        rest = _transform_lines(body, filename)
        return f"{lead}{_MAGICS}.start_timer()" + "\n" * before + rest
    problem = f"the cell magic %%{name} is not available here; available: {CELL_MAGICS}"
    raise _syntax_error(problem, source, filename, lead.count("\n") + 1)


def _transform_lines(source: str, filename: str) -> str:
    lines = source.split("\n")
    result: list[str] = []
    state = _ScanState()
    index = 0
    while index < len(lines):
        line = lines[index]
        index += 1
        if state.is_at_statement_start() and ("!" in line or "%" in line):
            joined, extra = line, 0
            while joined.endswith("\\") and index + extra < len(lines):
                joined = joined[:-1] + lines[index + extra]
                extra += 1
            replacement = _transform_line(joined, source, filename, index)
            if replacement is not None:
                result.append(replacement)
                result += [""] * extra
                index += extra
                continue
        result.append(line)
        state.scan(line)
    return "\n".join(result)


def _transform_line(line: str, source: str, filename: str, number: int) -> str | None:
    match = _SHELL.fullmatch(line)
    if match is not None:
        return f"{match.group(1)}{_MAGICS}.run({_template(match.group(2))})"
    match = _ASSIGNED_SHELL.fullmatch(line)
    if match is not None and _is_target(match.group(2)):
        command = _template(match.group(3))
        return f"{match.group(1)}{match.group(2)} = {_MAGICS}.capture({command})"
    match = _MAGIC.fullmatch(line)
    if match is None:
        return None
    indent, target, name, argument = match.groups()
    if target is not None and not _is_target(target):
        return None
    call = _line_magic(name, (argument or "").strip())
    if call is None:
        problem = f"the magic %{name} is not available here; available: {LINE_MAGICS}"
        raise _syntax_error(problem, source, filename, number)
    return f"{indent}{call}" if target is None else f"{indent}{target} = {call}"


def _line_magic(name: str, argument: str) -> str | None:
    if name == "pip":
        return f"{_MAGICS}.pip({_template(argument)})"
    if name == "ls":
        return f"{_MAGICS}.run({_template('ls ' + argument)})"
    if name == "cd":
        return f"{_MAGICS}.change_directory({_template(argument)})"
    if name == "pwd":
        return f"{_MAGICS}.working_directory()"
    if name in ("env", "set_env"):
        return f"{_MAGICS}.environment({_template(argument)})"
    if name == "matplotlib":
        return "pass"  # Figures are always shown.
    if name == "time":
        if _is_expression(argument):
            return f"{_MAGICS}.time_value(lambda: ({argument}))"
        return f"with {_MAGICS}.timed(): {argument or 'pass'}"
    return None


def _template(command: str) -> str:
    """A list of the command's literal pieces, and of (text, function) for each interpolation.

    `{expression}` and `$name` are replaced where Python knows the names, and stay as they are
    otherwise. `{{`, `}}` and `$$name` write the characters themselves.
    """
    pieces: list[str] = []
    end = 0
    for match in _PIECE.finditer(command):
        if match.start() > end:
            pieces.append(repr(command[end : match.start()]))
        end = match.end()
        text = match.group(0)
        escaped, name, expression = match.groups()
        if escaped is not None:
            pieces.append(repr(f"${escaped}"))
        elif text in ("{{", "}}"):
            pieces.append(repr(text[0]))
        else:
            code = name if name is not None else expression
            if code is not None and _is_expression(code):
                pieces.append(f"({text!r}, lambda: ({code}))")
            else:
                pieces.append(repr(text))
    pieces.append(repr(command[end:]))
    return f"[{', '.join(pieces)}]"


def _is_expression(text: str) -> bool:
    try:
        compile(f"({text}\n)", "<expression>", "eval", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return bool(text.strip())


def _is_target(text: str) -> bool:
    try:
        compile(f"{text} = None", "<target>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _syntax_error(problem: str, source: str, filename: str, line: int) -> SyntaxError:
    text = source.split("\n")[line - 1]
    column = len(text) - len(text.lstrip()) + 1
    return SyntaxError(problem, (filename, line, column, text))


class _ScanState:
    """Whether a line continues a string, a bracket or a backslash of the lines before it."""

    def __init__(self) -> None:
        self._quote = ""
        self._depth = 0
        self._continues = False

    def is_at_statement_start(self) -> bool:
        return not self._quote and self._depth <= 0 and not self._continues

    def scan(self, line: str) -> None:
        self._continues = False
        for match in _TOKEN.finditer(line + "\n"):
            token = match.group(0)
            if token == "\\\n":
                self._continues = True
            elif self._quote:
                if token == self._quote:
                    self._quote = ""
            elif token in ("'", '"', "'''", '"""'):
                self._quote = token
            elif token in "[({":
                self._depth += 1
            elif token in "])}":
                self._depth -= 1
            elif token == "#":
                break
        if len(self._quote) == 1 and not self._continues:
            self._quote = ""
