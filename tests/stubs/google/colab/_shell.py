"""The shell whose class tells that a Colab kernel runs a cell."""

from ipykernel.zmqshell import ZMQInteractiveShell


class Shell(ZMQInteractiveShell):
    """ipykernel's shell under Colab's name."""
