"""Attempts on the network. The port notes who connects to it."""

from __future__ import annotations

_BRIDGE = "plain Pyodide can connect, as above, but not read"

NETWORK_ATTEMPTS: dict[str, list[tuple[str, ...]]] = {
    "network": [
        (
            "fetch",
            "import js\nanswer = await js.fetch(f'http://127.0.0.1:{port}/')\n"
            "escaped = (await answer.text()) == 'in'",
        ),
        (
            "pyfetch",
            "from pyodide.http import pyfetch\nanswer = await pyfetch(f'http://127.0.0.1:{port}/')\n"
            "escaped = (await answer.string()) == 'in'",
        ),
        (
            "net",
            "builtin('net').connect(port, '127.0.0.1'); await asyncio.sleep(0.5); escaped = False",
        ),
        (
            "http",
            "builtin('http').get(f'http://127.0.0.1:{port}/'); await asyncio.sleep(0.5)\n"
            "escaped = False",
        ),
        ("UDP", "builtin('dgram').createSocket('udp4') is not None"),
        ("names", "await builtin('dns/promises').lookup('localhost') is not None"),
        ("a server", "builtin('net').createServer().listen(0) is not None"),
        (
            "sockets by Node",
            "import pyodide_js; await pyodide_js.useNodeSockFS()\n"
            "s = socket.socket(); s.setblocking(False)\n"
            "try: s.connect(('127.0.0.1', port))\nexcept BlockingIOError: pass\n"
            "await asyncio.sleep(0.5); escaped = False",
        ),
        (
            "sockets by Node, from memory",
            "api = next(p for p in proxies() if hasattr(p, 'public_api'))\n"
            "await api.public_api.useNodeSockFS()\n"
            "s = socket.socket(); s.setblocking(False)\n"
            "try: s.connect(('127.0.0.1', port))\nexcept BlockingIOError: pass\n"
            "await asyncio.sleep(0.5); escaped = False",
        ),
        ("a web socket", "import js; escaped = js.WebSocket is not None", "Node 20 has none"),
        ("a broadcast", "import js; escaped = js.BroadcastChannel.new('x') is not None"),
        ("a channel", "import js; escaped = js.MessageChannel.new().port1 is not None"),
        (
            "socket",
            "socket.create_connection(('127.0.0.1', port), 1); await asyncio.sleep(0.5)\n"
            "escaped = False",
        ),
        (
            "asyncio",
            "await asyncio.wait_for(asyncio.open_connection('127.0.0.1', port), 1)",
            _BRIDGE,
        ),
        (
            "urllib",
            "import urllib.request as u\n"
            "escaped = u.urlopen(f'http://127.0.0.1:{port}/', timeout=1).read() == b'in'",
            _BRIDGE,
        ),
        (
            "http.client",
            "import http.client as h\nc = h.HTTPConnection('127.0.0.1', port, timeout=1)\n"
            "c.request('GET', '/'); escaped = c.getresponse().read() == b'in'",
            _BRIDGE,
        ),
        (
            "open_url",
            "from pyodide.http import open_url\n"
            "escaped = open_url(f'http://127.0.0.1:{port}/').read() == 'in'",
            "Node has no XMLHttpRequest",
        ),
    ],
}
