"""Sequence tasks and small languages are generated here, so what must be remembered is known.

| class | what must be kept | source |
| ``CountryLanguage`` | which country was named, ``gap`` words ago | this workshop |
| ``Latch`` | the sign of the first elements, through noise | the 1997 paper, experiment 3 |
| ``Adding1997`` | the sum of two marked numbers | the 1997 paper, experiment 4 |
| ``TemporalOrder`` | two or three symbols and their order | the 1997 paper, experiment 6 |

"The 1997 paper" is Hochreiter and Schmidhuber, "Long short-term memory", Neural
Computation 9(8):1735-1780. Each task gives batches by seed, and scores outputs with its
own criterion.
"""

from workshop_utils.tasks import characters, doors
from workshop_utils.tasks.base import Batch, Task
from workshop_utils.tasks.lag_tasks import Adding1997, Latch, TemporalOrder
from workshop_utils.tasks.languages import CountryLanguage

__all__ = [
    "Adding1997",
    "Batch",
    "CountryLanguage",
    "Latch",
    "Task",
    "TemporalOrder",
    "characters",
    "doors",
]
