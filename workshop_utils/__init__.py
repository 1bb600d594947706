"""The helpers of the LSTM workshop: six notebooks from a first loop to a trained LSTM.

Importing this package is cheap and loads no TensorFlow; a reader finds a thing
by the name of its subject: ``tweets``, ``text``, ``cells``, ``training``.
"""

from workshop_utils.runtime.environment import start

__all__ = ["__version__", "start"]
__version__ = "0.3.0"
