"""Attempts to get hold of JavaScript objects, and from them of Node."""

from __future__ import annotations

_OURS = "these objects are only in our runtime"

JAVASCRIPT_ATTEMPTS: dict[str, list[tuple[str, ...]]] = {
    "the module js": [
        ("import", "import js; escaped = sees(js.process, SECRET)"),
        ("import from", "from js import process; escaped = sees(process, SECRET)"),
        ("import of a part", "import js.process as p; escaped = sees(p, SECRET)"),
        ("import_module", "sees(importlib.import_module('js').process, SECRET)"),
        ("__import__", "sees(__import__('js').process, SECRET)"),
        (
            "with other builtins",
            "exec('import js', n := {}); escaped = sees(n['js'].process, SECRET)",
        ),
        ("loaded modules", "import js; escaped = sees(sys.modules['js'].process, SECRET)"),
        ("specification", "sees(importlib.util.find_spec('js').loader.jsproxy.process, SECRET)"),
        ("the finder's table", "sees(finder().jsproxies['js'].process, SECRET)"),
        ("the finder", "sees(finder().find_spec('js', None).loader.jsproxy.process, SECRET)"),
        (
            "a loader in memory",
            "import js, pyodide_js\n"
            "loaders = [o for o in gc.get_objects() if type(o).__name__ == 'JsLoader']\n"
            "escaped = sees(process(l.jsproxy for l in loaders), SECRET)",
        ),
        (
            "a loader of Pyodide's own",
            "loaders = [o for o in gc.get_objects() if type(o).__name__ == 'JsLoader']\n"
            "escaped = sees(process(l.jsproxy for l in loaders if l.jsproxy), SECRET)",
        ),
        ("a module of code", "import pyodide.code\nescaped = pyodide.code.run_js('1 + 1') == 2"),
        (
            "registered anew",
            "import pyodide.ffi, js; pyodide.ffi.register_js_module('my', js.process)\n"
            "import my; escaped = sees(my, SECRET)",
        ),
        (
            "the interpreter's first import",
            "finder().hook.__globals__['sys'].modules['js'] is not None",
        ),
    ],
    "objects of Pyodide": [
        ("pyodide_js", "import pyodide_js; escaped = sees(from_code(pyodide_js), SECRET)"),
        ("its _api", "from pyodide_js import _api; escaped = sees(from_code(_api), SECRET)"),
        (
            "its _module",
            "from pyodide_js import _module; escaped = sees(from_code(_module), SECRET)",
        ),
        ("the loaded _api", "sees(from_code(sys.modules['pyodide_js._api']), SECRET)"),
        (
            "the loaded _api's public side",
            "sees(from_code(sys.modules['pyodide_js._api'].public_api.FS), SECRET)",
        ),
        (
            "loaded packages",
            "import pyodide._package_loader as p; escaped = sees(from_code(p.loadedPackages), SECRET)",
        ),
        (
            "the event loop's timer",
            "import pyodide.webloop as w\nescaped = sees(from_code(w.scheduleCallback), SECRET)",
        ),
        ("anything in memory", "sees(process(proxies()), SECRET)"),
        (
            "values of frames",
            "frame = sys._getframe(); found = []\nwhile frame:\n"
            "    found += [*frame.f_locals.values(), *frame.f_globals.values()]\n"
            "    frame = frame.f_back\nescaped = sees(process(found), SECRET)",
            "no frame of plain Pyodide has one",
        ),
        ("the runtime's devices", "sees(process([sys.stdout, sys.stdin]), SECRET)", _OURS),
        ("asyncio's loop", "sees(process(vars(asyncio.get_event_loop()).values()), SECRET)", _OURS),
        (
            "what modules contain",
            "found = [v for m in [*sys.modules.values()] for v in [*vars(m).values()]"
            " if type(v).__name__ == 'JsProxy']\nescaped = sees(process(found), SECRET)",
            "none but those above",
        ),
    ],
    "code from strings": [
        (
            "an array's",
            "from pyodide.ffi import to_js; escaped = sees(from_code(to_js([])), SECRET)",
        ),
        (
            "an object's",
            "from pyodide.ffi import to_js; escaped = sees(from_code(to_js({})), SECRET)",
        ),
        (
            "a buffer's",
            "from pyodide.ffi import to_js; escaped = sees(from_code(to_js(b'')), SECRET)",
        ),
        (
            "a proxy's",
            "from pyodide.ffi import create_proxy\n"
            "escaped = sees(from_code(create_proxy(print)), SECRET)",
        ),
        (
            "a callable's",
            "from pyodide.ffi import create_once_callable\n"
            "escaped = sees(create_once_callable(print).constructor('return process')(), SECRET)",
        ),
        (
            "a prototype's",
            "from pyodide.ffi import to_js\n"
            "escaped = sees(getattr(to_js([]), '__proto__').constructor.constructor"
            "('return process')(), SECRET)",
        ),
        (
            "an error's",
            "import js\ntry: js.Object.defineProperty(None, 'x')\n"
            "except Exception as e: escaped = sees(from_code(e.js_error), SECRET)",
        ),
        (
            "an asynchronous function's",
            "import pyodide_js\n"
            "made = pyodide_js.loadPackage.constructor('return process')\n"
            "escaped = sees(await made(), SECRET)",
        ),
        (
            "of the C module",
            "import _pyodide_core as c; escaped = sees(from_code(c.to_js([])), SECRET)",
        ),
        (
            "of the C module, found in memory",
            "found = next(o for o in gc.get_objects() if type(o).__name__ ==\n"
            "    'builtin_function_or_method' and o.__name__ == 'to_js')\n"
            "escaped = sees(from_code(found([])), SECRET)",
        ),
        (
            "of the C module, initialised again",
            "sees(from_code(initialised_again('_pyodide_core').to_js([])), SECRET)",
        ),
        (
            "of the C module, imported again",
            "sys.modules.pop('_pyodide_core')\nimport _pyodide_core as c\n"
            "escaped = sees(from_code(c.to_js([])), SECRET)",
        ),
        ("eval", "import js; escaped = sees(js.eval('process'), SECRET)"),
        ("Function", "import js; escaped = sees(js.Function.new('return process')(), SECRET)"),
        (
            "Reflect",
            "import js\nfrom pyodide.ffi import to_js\n"
            "made = js.Reflect.construct(js.Function, to_js(['return process']))\n"
            "escaped = sees(made(), SECRET)",
        ),
        ("another context", "sees(builtin('vm').runInThisContext('process'), SECRET)"),
        (
            "an import",
            "import js\nmodule = await js.eval(\"import('node:process')\")\nescaped = sees(module, SECRET)",
        ),
        (
            "an import of data",
            "import js\nmodule = await js.eval(\"import('data:text/javascript,"
            "export default process')\")\nescaped = sees(module.default, SECRET)",
        ),
        (
            "the stack of an error",
            "import js\nfrom pyodide.ffi import create_proxy, to_js\n"
            "js.Error.prepareStackTrace = create_proxy(lambda e, sites: sites)\n"
            "try:\n    escaped = len(js.Error.new().stack) > 0 and js.process is not None\n"
            "finally: js.Error.prepareStackTrace = None",
        ),
        (
            "a changed prototype",
            "from pyodide.ffi import to_js, create_proxy\n"
            "top = to_js({}).constructor.prototype\n"
            "top.codeactChanged = 1\nescaped = to_js([]).codeactChanged == 1\n"
            "del top.codeactChanged",
        ),
    ],
    "C and WebAssembly": [
        ("run a script", "dynamic_library().emscripten_run_script_int(b'40+2') == 42"),
        ("run a script for text", "evaluated('process.env.CODEACT_TEST_SECRET') == SECRET"),
        (
            "run a script that writes",
            "dynamic_library().emscripten_run_script("
            "b\"process.getBuiltinModule('fs').writeFileSync('%s', '')\" % marker.encode()) == 1",
        ),
        ("by its name", "dynamic_library()['emscripten_run_script_int'](b'40+2') == 42"),
        (
            "by its address",
            "import _ctypes\n"
            "address = _ctypes.dlsym(_ctypes.dlopen(None, 0), 'emscripten_run_script_int')\n"
            "call = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_char_p)(address)\n"
            "escaped = call(b'40+2') == 42",
        ),
        (
            "Python in C",
            "ctypes.pythonapi.PyRun_SimpleString("
            'b"import js; assert js.process.env.CODEACT_TEST_SECRET") == 0',
        ),
        (
            "a library that brings JavaScript",
            "open('/tmp/made.so', 'wb').write(side_module('return 42'))\n"
            "escaped = ctypes.CDLL('/tmp/made.so').call() == 42",
        ),
        ("system", "dynamic_library().system(b'touch ' + marker.encode()) == 0"),
        (
            "system of Emscripten",
            "dynamic_library()._emscripten_system(b'touch ' + marker.encode()) == 0",
        ),
        (
            "the table of functions",
            "from pyodide_js import _module\nescaped = sees(from_code(_module.wasmTable), SECRET)",
        ),
        (
            "the memory",
            "from pyodide_js import _module\nescaped = sees(from_code(_module.HEAPU8), SECRET)",
        ),
        (
            "another WebAssembly module",
            "import js\nescaped = sees(from_code(js.WebAssembly.Memory.new({'initial': 1})), SECRET)",
        ),
    ],
}
