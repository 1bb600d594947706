"""Sequence tasks whose time lag is known, because they are generated.

| class | what must be kept | source |
|---|---|---|
| ``CountryLanguage`` | which country was named, ``gap`` words ago | this workshop |
| ``EmbeddedReber`` | the second symbol, until the last but one | the 1997 paper, experiment 1 |
| ``ContinualReber`` | the same, string after string | Gers et al. 2000 |
| ``NoiseFreeLag`` | the first symbol, until the last | the 1997 paper, experiments 2a, 2b |
| ``DistractorLag`` | the same, with a random and long lag | the 1997 paper, experiment 2c |
| ``Latch`` | the sign of the first elements, through noise | the 1997 paper, experiment 3 |
| ``Adding`` | the sum of two marked numbers | Le et al. 2015 |
| ``Adding1997`` | the same, in its first definition | the 1997 paper, experiment 4 |
| ``Multiplication`` | the product of two marked numbers | the 1997 paper, experiment 5 |
| ``TemporalOrder`` | two or three symbols and their order | the 1997 paper, experiment 6 |
| ``CopyMemory`` | ten symbols and their order | Arjovsky et al. 2016 |

"The 1997 paper" is Hochreiter and Schmidhuber, "Long short-term memory", Neural
Computation 9(8):1735-1780. Each task gives batches by seed, scores outputs with
its own criterion, and knows what a guess without memory scores. Most want one
answer at the end; the two Reber tasks, ``NoiseFreeLag`` and ``CopyMemory`` want one
at every step. ``Trainer`` trains a small Keras network on any of them.
"""

from workshop_utils.sequence_tasks.adding import Adding, Adding1997, Multiplication
from workshop_utils.sequence_tasks.base import Baseline, Batch, Task
from workshop_utils.sequence_tasks.copy_memory import CopyMemory
from workshop_utils.sequence_tasks.languages import CountryLanguage
from workshop_utils.sequence_tasks.latch import Latch
from workshop_utils.sequence_tasks.long_lag import DistractorLag, NoiseFreeLag
from workshop_utils.sequence_tasks.reber import ContinualReber, EmbeddedReber
from workshop_utils.sequence_tasks.symbols import SymbolTask
from workshop_utils.sequence_tasks.temporal_order import TemporalOrder
from workshop_utils.sequence_tasks.trial import Trainer, Trial

__all__ = [
    "Adding",
    "Adding1997",
    "Baseline",
    "Batch",
    "ContinualReber",
    "CopyMemory",
    "CountryLanguage",
    "DistractorLag",
    "EmbeddedReber",
    "Latch",
    "Multiplication",
    "NoiseFreeLag",
    "SymbolTask",
    "Task",
    "TemporalOrder",
    "Trainer",
    "Trial",
]
