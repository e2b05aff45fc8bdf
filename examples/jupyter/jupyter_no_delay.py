"""A configuration of Jupyter Server or a gateway: websockets without Nagle's delay."""

from tornado.websocket import WebSocketHandler

_write_message = WebSocketHandler.write_message


def _write_without_delay(self, *arguments, **named):
    # With every message: the end of the handshake, which may come late, turns the delay on again.
    if self.ws_connection is not None:
        self.set_nodelay(True)
    return _write_message(self, *arguments, **named)


WebSocketHandler.write_message = _write_without_delay
