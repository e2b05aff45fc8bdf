"""Attempts on files of the host."""

from __future__ import annotations

_NONE = "plain Pyodide has only files in memory, too"

FILE_ATTEMPTS: dict[str, list[tuple[str, ...]]] = {
    "mounts": [
        (
            "mountNodeFS",
            "import pyodide_js; pyodide_js.mountNodeFS('/m1', directory)\n"
            "escaped = open('/m1/secret').read() == SECRET",
        ),
        (
            "mountNodeFS, writing",
            "import pyodide_js; pyodide_js.mountNodeFS('/m2', directory)\n"
            "escaped = open('/m2' + marker[len(directory):], 'w').close() is None",
        ),
        (
            "mountNodeFS of the loaded _api",
            "sys.modules['pyodide_js._api'].public_api.mountNodeFS('/m3', directory)\n"
            "escaped = open('/m3/secret').read() == SECRET",
        ),
        (
            "NODEFS",
            "import pyodide_js; fs = pyodide_js.FS; os.mkdir('/m4')\nimport js\n"
            "fs.mount(fs.filesystems.NODEFS, js.Object.fromEntries([['root', directory]]), '/m4')\n"
            "escaped = open('/m4/secret').read() == SECRET",
        ),
        (
            "NODEFS of _module",
            "from pyodide_js import _module; fs = _module.FS; os.mkdir('/m5')\nimport js\n"
            "fs.mount(fs.filesystems.NODEFS, js.Object.fromEntries([['root', directory]]), '/m5')\n"
            "escaped = open('/m5/secret').read() == SECRET",
        ),
        (
            "NODEFS, from memory",
            "api = next(p for p in proxies() if hasattr(p, 'public_api'))\n"
            "api.public_api.mountNodeFS('/m6', directory)\n"
            "escaped = open('/m6/secret').read() == SECRET",
        ),
    ],
    "files through JavaScript": [
        ("fs", "builtin('fs').readFileSync(secret, 'utf8') == SECRET"),
        ("fs, writing", "builtin('fs').writeFileSync(marker, '')"),
        ("fs, listing", "'secret' in list(builtin('fs').readdirSync(directory))"),
        ("fs, link", "builtin('fs').symlinkSync(secret, marker)"),
        ("fs promises", "await builtin('fs/promises').readFile(secret, 'utf8') == SECRET"),
        (
            "createRequire",
            "builtin('module').createRequire(secret)('fs').readFileSync(secret, 'utf8') == SECRET",
        ),
        ("binding", "import js; escaped = js.process.binding('fs') is not None"),
        ("a library of Node", "import js; escaped = js.process.dlopen is not None"),
        (
            "loadBinaryFile",
            "from pyodide_js import _api\nraw = await _api.loadBinaryFile(secret)\n"
            "escaped = bytes(raw.to_py()).decode() == SECRET",
        ),
        (
            "loadBinaryFile of the loaded _api",
            "raw = await sys.modules['pyodide_js._api'].loadBinaryFile(secret)\n"
            "escaped = bytes(raw.to_py()).decode() == SECRET",
        ),
        ("the directory", "import js; escaped = len(js.process.cwd()) > 1"),
        (
            "a package of the host",
            "import pyodide_js; await pyodide_js.loadPackage(wheel, checkIntegrity=False)\n"
            "import codeact_found; escaped = codeact_found.value == 42",
        ),
    ],
    "files of Python": [
        ("open", "open(secret).read() == SECRET", _NONE),
        ("a link", "os.symlink(secret, 'l1'); escaped = open('l1').read() == SECRET", _NONE),
        (
            "a link to the root",
            "os.symlink('/', 'l2'); escaped = open('l2' + secret).read()",
            _NONE,
        ),
        ("far up", "open('../' * 40 + secret[1:]).read() == SECRET", _NONE),
        ("processes", "open('/proc/1/cmdline').read() != ''", _NONE),
        ("environment", "open('/proc/self/environ').read() != ''", _NONE),
        ("descriptors", "any(os.fstat(n).st_size == len(SECRET) for n in range(3, 20))", _NONE),
        ("the snapshot", "os.path.exists(cache) and len(os.listdir(cache)) > 0", _NONE),
        ("Pyodide's files", "open(pyodide + '/package.json').read() != ''", _NONE),
        (
            "a device",
            "os.open('d', os.O_CREAT | os.O_RDWR) and os.mknod('n', 0o20666, 256) and "
            "open('n').read() != ''",
            _NONE,
        ),
    ],
}
