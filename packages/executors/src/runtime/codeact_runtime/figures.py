"""Matplotlib figures are shown as PNG: by `plt.show()`, and at the end of the cell."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable


def png_of(figure: Any) -> bytes:
    """The picture of a figure. A figure of pyplot is closed, since it has been shown."""
    import io

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)
    return buffer.getvalue()


def show_open_figures(display: Callable[..., None]) -> None:
    """Displays and closes every open figure of pyplot, oldest first."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or not hasattr(pyplot, "get_fignums"):
        return
    for number in pyplot.get_fignums():
        figure = pyplot.figure(number)
        try:
            display(figure)
        finally:
            pyplot.close(figure)


def patch_pyplot(pyplot: Any, display: Callable[..., None]) -> None:
    """Makes `plt.show()` display the figures at that point."""

    def show(*_arguments: Any, **_named: Any) -> None:
        """Show all open figures."""
        show_open_figures(display)

    pyplot.show = show
