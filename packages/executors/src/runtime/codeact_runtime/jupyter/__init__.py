"""The runtime inside a Jupyter kernel, whose own IPython evaluates the cells.

It adds to ipykernel what a notebook's front end does not need: tools over the stdin channel,
output in its true order with numbers that show what was lost on the way, tracebacks of the model's
own frames, interrupts that reach every cell, files and a lease over the control channel.
docs/jupyter-protocol.md describes the messages. Cells of other clients are left alone.
"""
