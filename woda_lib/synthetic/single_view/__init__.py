"""What partners hold of residents and properties for the single view, and what is true of both."""

from woda_lib.synthetic.single_view.whole import Delivered, SingleView

__all__ = ["Delivered", "SingleView"]
