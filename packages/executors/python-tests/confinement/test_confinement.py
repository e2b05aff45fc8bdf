"""What works in the sandbox, how it ends, and how errors look."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from typing import Any, ClassVar

from launcher import HERE, RUNTIME, USERS, launch, python_for

sys.path.insert(0, str(RUNTIME))

from codeact_runtime.confinement import seccomp, system_call_numbers, system_call_rules

_IS_ROOT = os.getuid() == 0


class WorkTest(unittest.TestCase):
    """Ordinary programs do not notice."""

    def run_ok(self, code: str, **options: Any) -> str:
        outputs = []
        for user in USERS:
            result = launch(code, user, **options)
            self.assertEqual(result.get("status"), 0, result)
            outputs.append(result["output"])
        return str(outputs[-1])

    def test_standard_library(self) -> None:
        self.run_ok(
            "import asyncio, concurrent.futures, ctypes, json, multiprocessing, os, sqlite3, ssl\n"
            "import subprocess, tempfile, threading, zoneinfo\n"
            "open('file', 'w').write('x')\n"
            "assert subprocess.run(['ls'], capture_output=True).stdout == b'file\\n'\n"
            "assert tempfile.NamedTemporaryFile().name.startswith('/tmp/')\n"
            "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
            "    assert pool.map(abs, [-1]) == [1]\n"
            "with concurrent.futures.ThreadPoolExecutor(4) as pool:\n"
            "    assert list(pool.map(abs, [-1])) == [1]\n"
            "assert sqlite3.connect('d').execute('select 1').fetchall() == [(1,)]\n"
            "assert asyncio.run(asyncio.sleep(0, 1)) == 1\n"
            "assert asyncio.run(asyncio.create_subprocess_exec('true')) is not None\n"
            "import shutil, pwd, socket\n"
            "assert pwd.getpwuid(os.getuid()).pw_name == 'user'\n"
            "a, b = socket.socketpair(); a.send(b'x'); assert b.recv(1) == b'x'\n"
            "os.makedirs(os.path.expanduser('~/.cache/x'))\n"
            "assert os.path.exists('/proc/self/status') and os.cpu_count()\n"
            "assert subprocess.run('echo $((1 + 1)) | cat; python3 -V || true', shell=True,\n"
            "                      capture_output=True).stdout.startswith(b'2')\n"
        )

    @unittest.skipUnless(importlib.util.find_spec("matplotlib"), "matplotlib is not installed")
    def test_data_libraries(self) -> None:
        self.run_ok(
            "import numpy, pandas, matplotlib.pyplot as plot\n"
            "plot.plot(pandas.Series(numpy.arange(3.0))); plot.savefig('figure.png')\n"
            "open('figure.png', 'rb').read(8)\n"
        )

    def test_no_network_is_an_ordinary_error(self) -> None:
        output = self.run_ok(
            "import urllib.request\n"
            "try: urllib.request.urlopen('http://127.0.0.1:9')\n"
            "except OSError as error: print('refused', error)\n"
        )
        self.assertIn("refused", output)

    def test_listed_paths(self) -> None:
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            Path(directory, "data").write_text("data")
            Path(directory, "data").chmod(0o644)
            code = (
                f"assert open({directory + '/data'!r}).read() == 'data'\n"
                f"try: open({directory + '/data'!r}, 'a')\n"
                "except OSError: print('read-only')\n"
            )
            link = directory + "-link"
            os.symlink(directory, link)
            try:
                self.assertIn("read-only", self.run_ok(code, readable=[directory]))
                linked = code.replace(directory, link)
                self.assertIn("read-only", self.run_ok(linked, readable=[link]))
            finally:
                os.unlink(link)

    def test_files_belong_to_the_host(self) -> None:
        for user in USERS:
            result = launch("open('file', 'w').write('x')", user)
            self.assertEqual(result["owners"], {"file": user})

    def test_describes_itself(self) -> None:
        output = self.run_ok("print(enforced)")
        for word in ("namespaces", "Landlock", "seccomp", "capabilities", "limits"):
            self.assertIn(word, output)

    def test_full_number_of_processes_is_available(self) -> None:
        code = (
            "import os, subprocess\n"
            "nothing = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
            "for _ in range(9): subprocess.Popen(['sleep', '600'], **nothing)\n"
            "try: os.fork(); print('too many')\n"
            "except BlockingIOError: print('enough')\n"
        )
        self.assertEqual(self.run_ok(code, limits={"processes": 10}), "enough\n")

    def test_orphans_are_reaped(self) -> None:
        self.run_ok(
            "import os, subprocess, time\n"
            "for _ in range(200):\n"
            "    subprocess.run('true &', shell=True, check=True)\n"
            "deadline = time.monotonic() + 20\n"
            "while sum(name.isdigit() for name in os.listdir('/proc')) > 3:\n"
            "    assert time.monotonic() < deadline\n"
            "    time.sleep(0.01)\n",
            limits={"processes": 32},
        )


_DAEMON = (
    "import os, subprocess, sys\n"
    "marker = 'codeact-MARKER'\n"
    "sleeper = [sys.executable, '-c', 'import time; time.sleep(600)', marker]\n"
    "nothing = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,\n"
    "               stderr=subprocess.DEVNULL)\n"
    "child = subprocess.Popen(sleeper, start_new_session=True, **nothing)\n"
    # Popen returns a moment before the new program's arguments are there to be seen.
    "while marker not in open(f'/proc/{child.pid}/cmdline').read(): pass\n"
    "print(f'marker:{marker} ', flush=True)\n"
)


class EndTest(unittest.TestCase):
    """Nothing is left."""

    def test_status(self) -> None:
        self.assertEqual(os.WEXITSTATUS(launch("raise SystemExit(7)")["status"]), 7)
        result = launch("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
        self.assertEqual(os.WTERMSIG(result["status"]), signal.SIGSEGV)

    def test_destroying_ends_detached_processes(self) -> None:
        for user in USERS:
            result = launch(_DAEMON.replace("MARKER", os.urandom(8).hex()), user)
            self.assertEqual((result.get("before"), result.get("after")), (1, 0), result)

    def test_end_of_the_supervisor_ends_everything(self) -> None:
        for user in USERS:
            marker = os.urandom(8).hex()
            code = _DAEMON.replace("MARKER", marker) + "import time; time.sleep(600)"
            request = {"user": user, "code": code}
            command = [python_for(user), "-I", str(HERE / "launcher.py"), json.dumps(request)]
            with subprocess.Popen(command, env={"PATH": os.environ["PATH"]}) as supervisor:
                self.wait_for(marker, 1)
                supervisor.kill()
            self.wait_for(marker, 0)

    def wait_for(self, marker: str, count: int) -> None:
        deadline = time.monotonic() + 30
        while self.count(marker) != count:
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.02)

    def count(self, marker: str) -> int:
        count = 0
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                count += path.read_bytes().endswith(f"codeact-{marker}\0".encode())
            except OSError:
                continue
        return count


_FILTER_UNSHARE = """
import ctypes, struct
libc = ctypes.CDLL(None)
def i(code, value, yes=0, no=0): return struct.pack('HBBI', code, yes, no, value)
program = i(0x20, 0) + i(0x15, NUMBER, 0, 1) + i(6, 0x50001) + i(6, 0x7fff0000)
buffer = ctypes.create_string_buffer(program, len(program))
header = struct.pack('HxxxxxxQ', 4, ctypes.addressof(buffer))
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, header, 0, 0) == 0
"""


_WITH_CLEAN_ENVIRONMENT = 'exec env -i PATH="$PATH" "$@"'


class ErrorTest(unittest.TestCase):
    """What the machine does not give is named."""

    def assert_error(self, pattern: str, **options: Any) -> None:
        result = launch("print('ran')", **options)
        self.assertRegex(result.get("error", f"no error: {result}"), pattern)

    def test_container_filter(self) -> None:
        number = str(system_call_numbers.ARCHITECTURES[os.uname().machine][1]["unshare"])
        before = _FILTER_UNSHARE.replace("NUMBER", number)
        self.assert_error(
            r"Cannot create a user namespace: unshare failed with EPERM .* system call filter",
            before=before,
        )

    @unittest.skipUnless(_IS_ROOT, "needs root")
    def test_no_user_namespaces_left(self) -> None:
        script = "echo 0 > /proc/sys/user/max_user_namespaces; " + _WITH_CLEAN_ENVIRONMENT
        prefix = ["unshare", "--user", "--map-root-user", "sh", "-c", script, "--"]
        self.assert_error(
            r"unshare failed with ENOSPC .* user\.max_user_namespaces", prefix=prefix, user=0
        )

    @unittest.skipUnless(_IS_ROOT, "needs root")
    def test_masked_proc_is_left_out(self) -> None:
        script = "mount -t tmpfs none /proc/bus && " + _WITH_CLEAN_ENVIRONMENT
        prefix = ["unshare", "--mount", "sh", "-c", script, "--"]
        result = launch("import os; print(enforced, os.listdir('/proc'))", prefix=prefix)
        self.assertIn("no /proc", result.get("output", str(result)))
        self.assertIn("[]", result["output"])

    def test_secrets_in_the_environment(self) -> None:
        self.assert_error(
            r"clean environment: this process was started with API_KEY",
            environment={"API_KEY": "secret"},
        )

    def test_directory_handed_over(self) -> None:
        result = launch("", kept=["os.open('/', 0)"])
        self.assertIn("is a directory of the host", result["output"])

    def test_missing_paths(self) -> None:
        for path in ("/nonexistent", "/tmp", "/", "relative", "/proc/self"):
            pattern = f"Cannot show '{path}' to the session: it is not the absolute path"
            self.assert_error(pattern, readable=[path])
            self.assert_error(pattern, workspace=path)

    def test_threads(self) -> None:
        before = (
            "import threading, time\n"
            "threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        )
        if USERS[-1] != 0:
            self.assert_error("unshare failed with EINVAL .* threads", before=before)


class FilterTest(unittest.TestCase):
    """The tables of system calls."""

    HEADERS: ClassVar = {
        "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
        "aarch64": "/usr/include/asm-generic/unistd.h",
    }

    def test_numbers_agree_with_the_kernel_headers(self) -> None:
        for machine, header in self.HEADERS.items():
            if not os.path.exists(header):
                self.skipTest(f"{header} is not installed")
            text = Path(header).read_text()
            found = {
                name: int(number)
                for name, number in re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", text)
            }
            ours = system_call_numbers.ARCHITECTURES[machine][1]
            both = ours.keys() & found.keys()
            self.assertGreater(len(both), 60)
            self.assertEqual({n: ours[n] for n in both}, {n: found[n] for n in both})

    def test_every_rule_is_for_a_known_call(self) -> None:
        every = set().union(*(numbers for _, numbers in system_call_numbers.ARCHITECTURES.values()))
        rules = [*system_call_rules.BITS_RULES, *system_call_rules.VALUES_RULES]
        names = {rule.name for rule in rules} | {*system_call_rules.FORBIDDEN}
        self.assertLessEqual(names | {*system_call_rules.WITHOUT_VISIBLE_FLAGS}, every)

    def test_programs_are_well_formed(self) -> None:
        for machine in system_call_numbers.ARCHITECTURES:
            program = seccomp.build_filter(machine)
            count = len(program) // 8
            self.assertLess(count, 4096)
            for index in range(count):
                code, yes, no, _ = struct.unpack_from("HBBI", program, index * 8)
                if code in (0x15, 0x25, 0x45):
                    self.assertLess(index + 1 + max(yes, no), count)


if __name__ == "__main__":
    unittest.main()
