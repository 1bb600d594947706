"""The kernel that Colab starts."""

from google.colab._shell import Shell
from ipykernel.ipkernel import IPythonKernel
from traitlets import Type


class Kernel(IPythonKernel):
    """ipykernel's kernel with Colab's shell."""

    shell_class = Type(Shell)
