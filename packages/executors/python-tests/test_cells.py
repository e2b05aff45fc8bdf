"""What a cell means: namespace, results, ends."""

from __future__ import annotations

import unittest

from support import Host, SessionCase


class NamespaceTest(SessionCase):
    def test_names_persist(self) -> None:
        self.run_ok("kept = [1]\ndef grow():\n    kept.append(2)\n    return kept")
        self.assertEqual(self.value("grow()"), "[1, 2]")

    def test_namespace_is_main(self) -> None:
        self.assertEqual(self.value("__name__"), "'__main__'")
        self.run_ok("in_main = 5")
        self.assertEqual(self.value("import __main__; __main__.in_main"), "5")
        self.assertEqual(
            self.value("import sys; sys.modules['__main__'].__dict__ is globals()"), "True"
        )

    def test_namespace_starts_clean(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        names = host.execute("sorted(name for name in globals() if not name.startswith('__'))")
        self.assertEqual(names.result, "[]")

    def test_pickles_classes_of_cells(self) -> None:
        self.run_ok(
            "import pickle, dataclasses, typing\n"
            "@dataclasses.dataclass\nclass Point:\n    x: int\n    y: 'Point | None' = None\n"
        )
        self.assertEqual(self.value("pickle.loads(pickle.dumps(Point(3)))"), "Point(x=3, y=None)")
        self.run_ok("class Tree:\n    left: 'Tree'")
        self.assertEqual(self.value("typing.get_type_hints(Tree)['left'] is Tree"), "True")

    def test_source_of_functions_is_known(self) -> None:
        self.run_ok("def sourced():\n    return 'here'  # a comment")
        source = self.run_ok("import inspect\nprint(inspect.getsource(sourced))").text()
        self.assertIn("# a comment", source)

    def test_future_imports_persist(self) -> None:
        self.run_ok("from __future__ import annotations\ndef hinted(x: NoSuchName): pass")
        self.assertEqual(
            self.value("def again(x: NotThere): pass\nagain.__annotations__"), "{'x': 'NotThere'}"
        )

    def test_multiprocessing_uses_functions_of_cells(self) -> None:
        self.run_ok("def double(n):\n    return 2 * n")
        code = (
            "import multiprocessing\n"
            "with multiprocessing.get_context('fork').Pool(2) as pool:\n"
            "    doubled = pool.map(double, range(5))\n"
            "doubled"
        )
        self.assertEqual(self.value(code), "[0, 2, 4, 6, 8]")

    def test_workspace_modules_are_importable(self) -> None:
        self.run_ok("open('helper_module.py', 'w').write('answer = 42')")
        self.assertEqual(self.value("import helper_module; helper_module.answer"), "42")
        self.assertEqual(
            self.value("import os, sys; os.path.samefile(os.getcwd(), sys.path[0])"), "True"
        )


class ResultTest(SessionCase):
    def test_last_expression_is_shown(self) -> None:
        self.assertEqual(self.value("1 + 1"), "2")
        self.assertEqual(self.value("a = 1\na"), "1")
        self.assertIsNone(self.value("a = 1"))
        self.assertIsNone(self.value("None"))
        self.assertIsNone(self.value(""))
        self.assertIsNone(self.value("# only a comment"))

    def test_semicolon_suppresses(self) -> None:
        self.assertIsNone(self.value("5;"))
        self.assertIsNone(self.value("('ä' + 'é') ;  # why not"))
        self.assertIsNone(self.value("x = 5\nx;\n\n"))
        self.assertEqual(self.value("'a;'"), "'a;'")
        self.assertEqual(self.value("5 # ;"), "5")
        self.assertEqual(self.value("'''\x0c\n;'''"), repr("\x0c\n;"))

    def test_underscore_is_the_last_result(self) -> None:
        self.value("'kept'")
        self.assertEqual(self.value("_ * 2"), "'keptkept'")
        self.run_ok("for _ in range(3): pass")
        self.assertEqual(self.value("_"), "2")

    def test_line_ends(self) -> None:
        self.assertEqual(self.value("a = 1\r\na + 1\r\n"), "2")

    def test_null_bytes_are_an_error(self) -> None:
        self.assertIn("null", self.run_error("a = '\0'").error["message"])


class EndTest(SessionCase):
    def test_exit_ends_the_cell_only(self) -> None:
        for code in (
            "exit()",
            "quit()",
            "import sys; sys.exit()",
            "sys.exit(0)",
            "raise SystemExit",
        ):
            with self.subTest(code):
                result = self.run_ok(f"before = 1\n{code}\nafter = 1")
                self.assertEqual(result.result, None)
        self.run_error("after", "NameError")
        self.assertEqual(self.value("before"), "1")

    def test_exit_with_a_status_is_an_error(self) -> None:
        result = self.run_error("exit(3)", "SystemExit")
        self.assertIn("3 (the code called exit", result.error["message"])
        self.assertEqual(self.run_error("import sys; sys.exit('why')").error["message"], "why")

    def test_input_is_refused(self) -> None:
        self.assertIn(
            "not available", self.run_error("input('? ')", "RuntimeError").error["message"]
        )
        self.assertIn("not available", self.run_error("breakpoint()").error["message"])
        self.assertEqual(self.value("import sys; sys.stdin.read()"), "''")

    def test_death_is_seen(self) -> None:
        for code in (
            "import os; os._exit(3)",
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
        ):
            with self.subTest(code):
                host = Host()
                self.addCleanup(host.close)
                host.start_cell(code)
                self.assertNotEqual(host.wait_for_exit(), 0)

    def test_segmentation_fault_names_the_line(self) -> None:
        host = Host()
        self.addCleanup(host.close)
        host.start_cell("import ctypes\nprint('before', flush=True)\nctypes.string_at(0)")
        self.assertLess(host.wait_for_exit(), 0)
        host.wait_for_text('File "<cell 1>", line 3')

    def test_deep_recursion_is_an_error(self) -> None:
        self.run_ok("def deep(n):\n    return deep(n + 1)")
        self.run_error("deep(0)", "RecursionError")

    def test_memory_error_is_an_error(self) -> None:
        self.run_error("b = bytearray(1 << 60)", "MemoryError")


class ForkTest(SessionCase):
    def test_child_that_runs_on_leaves(self) -> None:
        code = (
            "import os\nchild = os.fork()\n"
            "if child == 0:\n    print('in child')\n"
            "else:\n    status = os.waitpid(child, 0)[1]\n    print('in parent', status)"
        )
        text = self.run_ok(code).text("stdout")
        self.assertEqual(text.splitlines(), ["in child", "in parent 0"])
        self.assertEqual(self.value("child > 0"), "True")

    def test_display_in_a_child_is_text(self) -> None:
        code = "import os\nif os.fork() == 0:\n    display({'a': 1})\n    os._exit(0)\nos.wait();"
        self.assertIn("{'a': 1}", self.run_ok(code).text())


class EnvironmentTest(SessionCase):
    def test_argv_is_plain(self) -> None:
        self.assertEqual(self.value("import sys; sys.argv"), "['']")

    def test_descriptors_do_not_leak(self) -> None:
        code = (
            "import subprocess, sys\n"
            "print(subprocess.run([sys.executable, '-c', 'import os; print(sorted(os.listdir("
            '"/proc/self/fd")))\'], close_fds=False, capture_output=True, text=True).stdout)'
        )
        listed = self.run_ok(code).text()
        self.assertIn("['0', '1', '2', '3']", listed)  # 3 is the listing itself


if __name__ == "__main__":
    unittest.main()
