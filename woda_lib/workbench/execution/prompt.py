"""Jupyter's client and manager without their fixed waits at a kernel's start and end.

Jupyter's client listens for a fifth of a second whether anything more comes from a new kernel, and
its manager looks ten times a second whether an old one has gone. A report is made of several
kernels. Here the client waits for the message that ends the kernel's first answer, and the
manager looks a hundred times a second.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.asynchronous import AsyncKernelClient

_QUIET = 0.05
"""Seconds without a message after which it is taken for lost, and asked for again."""


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as its kernel is."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels, and nothing more of that is to come.

        Parameters
        ----------
        timeout
            Seconds.

        Raises
        ------
        RuntimeError
            If the kernel dies, or does not answer in time.
        """
        until = time.monotonic() + (float("inf") if timeout is None else timeout)
        while time.monotonic() < until:
            asked = self.kernel_info()
            reply = await _answer(self.get_shell_msg, asked, "kernel_info_reply", patience=1)
            # The kernel may have spoken before this client was connected to what it publishes.
            if reply and await _answer(self.get_iopub_msg, asked, "status", "idle"):
                self._handle_kernel_info_reply(reply)
                return
            if not await self.is_alive():
                raise RuntimeError("The kernel died before it answered.")
        raise RuntimeError(f"The kernel did not answer within {timeout:g} seconds.")


class PromptManager(AsyncKernelManager):
    """A manager that notices at once when its kernel has gone."""

    async def end_in_order(self) -> None:
        """Ask the kernel to end, and end it if it does not."""
        await self.request_shutdown()
        await self.finish_shutdown(pollinterval=0.01)
        await self.cleanup_resources()


async def _answer(
    receive: Any, asked: str, kind: str, state: str | None = None, *, patience: float = _QUIET
) -> dict[str, Any] | None:
    """Return the message of a kind that answers a request; None after a silence."""
    while True:
        try:
            message: dict[str, Any] = await receive(timeout=patience)
        except Empty:
            return None
        ours = message["parent_header"].get("msg_id") == asked and message["msg_type"] == kind
        if ours and (state is None or message["content"]["execution_state"] == state):
            return message
