"""Attempts on processes, the environment, and what tells one machine from another."""

from __future__ import annotations

_NONE = "Emscripten has no processes"

MACHINE_ATTEMPTS: dict[str, list[tuple[str, ...]]] = {
    "processes": [
        ("os.system", "os.system('touch ' + marker) == 0"),
        (
            "os.system, by its C module",
            "import posix; escaped = posix.system('touch ' + marker) == 0",
        ),
        ("os.popen", "os.popen('echo in').read() == 'in\\n'", _NONE),
        ("subprocess", "subprocess.run(['touch', marker]).returncode == 0", _NONE),
        ("fork", "os.fork() >= 0", _NONE),
        ("exec", "os.execv('/bin/sh', ['sh', '-c', 'touch ' + marker])", _NONE),
        ("fork of C", "dynamic_library().fork() >= 0", _NONE),
        ("kill", "os.kill(victim, 0) is None", _NONE),
        ("kill of C", "dynamic_library().kill(victim, 0) == 0", "it has the signal meet itself"),
        ("process.kill", "import js; escaped = js.process.kill(victim, 0)"),
        ("process.kill of the host", "import js; escaped = js.process.kill(host, 0)"),
        ("process.kill by a string", "from_code(sys.modules['pyodide_js._api']).kill(victim, 0)"),
        ("child_process", "builtin('child_process').execSync('touch ' + marker) is not None"),
        (
            "spawn",
            "builtin('child_process').spawn('sh', to_array(['-c', 'touch ' + marker])) and "
            "await asyncio.sleep(1)",
        ),
        ("a worker", "builtin('worker_threads').Worker.new('0', eval=True) is not None"),
        ("a cluster", "builtin('cluster').fork is not None"),
        ("the inspector", "builtin('inspector').url is not None"),
        ("flags of V8", "builtin('v8').setFlagsFromString('--expose-gc') is None"),
        ("a heap snapshot", "builtin('v8').writeHeapSnapshot is not None"),
        ("exit", "import js; escaped = callable(js.process.exit)"),
    ],
    "environment": [
        ("os.environ", "SECRET in os.environ.values()", "Emscripten has its own variables"),
        (
            "getenv of C",
            "bool(dynamic_library().getenv(SECRET_VARIABLE.encode()))",
            "Emscripten has its own variables",
        ),
        ("process.env", "import js; escaped = sees(js.process, SECRET)"),
        ("arguments", "import js; escaped = len(js.process.argv) > 0"),
        ("versions", "import js; escaped = js.process.versions.node is not None"),
        (
            "a report",
            "import js; escaped = SECRET in str(js.JSON.stringify(js.process.report.getReport()))",
        ),
        ("the user", "builtin('os').userInfo().username is not None"),
        ("the name of the machine", "builtin('os').hostname() is not None"),
        ("addresses", "builtin('os').networkInterfaces() is not None"),
        (
            "the navigator",
            "import js; escaped = js.navigator.hardwareConcurrency > 0",
            "Node 20 has none",
        ),
        ("processors", "builtin('os').cpus() is not None"),
    ],
}
