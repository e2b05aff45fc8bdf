"""A configuration of Jupyter Server or Kernel Gateway: websockets without Nagle's delay."""

from tornado.websocket import WebSocketHandler

_accept = WebSocketHandler.get


async def _accept_without_delay(self, *arguments, **named):
    self.request.connection.stream.set_nodelay(True)
    await _accept(self, *arguments, **named)


WebSocketHandler.get = _accept_without_delay
