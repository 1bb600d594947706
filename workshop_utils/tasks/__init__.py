"""Sequence tasks whose time lag is known, because they are generated.

| class | what must be kept | source |
|---|---|---|
| ``CountryLanguage`` | which country was named, ``gap`` words ago | this workshop |
| ``Latch`` | the sign of the first elements, through noise | the 1997 paper, experiment 3 |
| ``TemporalOrder`` | two or three symbols and their order | the 1997 paper, experiment 6 |
| ``Adding`` | the sum of two marked numbers | Le et al. 2015 |
| ``Adding1997`` | the same, in its first definition | the 1997 paper, experiment 4 |

"The 1997 paper" is Hochreiter and Schmidhuber, "Long short-term memory", Neural
Computation 9(8):1735-1780. Each task gives batches by seed, scores outputs with
its own criterion, and knows what a guess without memory scores. ``Trainer``
trains a small Keras network on any of them.
"""

from workshop_utils.tasks.adding import Adding, Adding1997
from workshop_utils.tasks.base import Baseline, Batch, Task
from workshop_utils.tasks.languages import CountryLanguage
from workshop_utils.tasks.latch import Latch
from workshop_utils.tasks.temporal_order import TemporalOrder
from workshop_utils.tasks.trial import Trainer, Trial

__all__ = [
    "Adding",
    "Adding1997",
    "Baseline",
    "Batch",
    "CountryLanguage",
    "Latch",
    "Task",
    "TemporalOrder",
    "Trainer",
    "Trial",
]
