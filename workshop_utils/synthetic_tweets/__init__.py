"""The offline twin: invented tweets of the real file's shape, for where that cannot be had.

The people, the places and the debate are invented. Everything that the lessons rely on is
there: unequal classes, retweets and copies, handles, tags, links, entities, new lines, emoji,
cut texts and mistaken labels. No number measured on the twin speaks of the real tweets.

| measure                           |   real |   twin |
|-----------------------------------|--------|--------|
| negative                          |  0.612 |  0.606 |
| neutral                           |  0.227 |  0.228 |
| positive                          |  0.161 |  0.166 |
| begins with RT                    |  0.556 |  0.560 |
| distinct texts                    |  0.750 |  0.720 |
| distinct groups, without neutral  |  0.682 |  0.701 |
| groups with both labels           |  0.011 |  0.007 |
| handles per tweet                 |  1.018 |  1.046 |
| tags per tweet                    |  1.556 |  1.608 |
| with a link                       |  0.259 |  0.276 |
| with &amp;                        |  0.071 |  0.070 |
| with a new line                   |  0.092 |  0.093 |
| with a non-ASCII sign             |  0.332 |  0.324 |
| cut, ends in an ellipsis          |  0.196 |  0.217 |
| characters, mean                  |  114.5 |  114.3 |
| characters, spread                |   27.5 |   26.2 |
| words, mean                       |   16.9 |   16.9 |
| words, most                       |   29.0 |   29.0 |
| confidence, mean                  |  0.757 |  0.752 |
| confidence 1                      |  0.387 |  0.383 |
| confidence below 0.5              |  0.120 |  0.121 |
| names no candidate                |  0.540 |  0.552 |

Shares are of the rows, from 0 to 1; :func:`shape_of` measures them, and a test compares this
table with both files. The real file has 13,871 rows, and so has the twin unless it is told
otherwise.
"""

from workshop_utils.synthetic_tweets.making import make
from workshop_utils.synthetic_tweets.shape import shape_of

__all__ = ["make", "shape_of"]
