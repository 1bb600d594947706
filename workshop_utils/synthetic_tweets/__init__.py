"""Synthetic tweets: invented ones of the real file's shape, for where that cannot be had.

The people, the places and the debate are invented. Everything that the lessons rely on is
there: unequal classes, retweets and copies, handles, tags, links, entities, new lines, emoji,
cut texts and mistaken labels. A test holds their shares beside those of the real file. No
number measured on synthetic tweets speaks of the real ones.
"""

from workshop_utils.synthetic_tweets.making import make

__all__ = ["make"]
