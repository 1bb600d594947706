"""A short text to learn to spell from: public facts, in plain words, written for this workshop.

It is so short that a plain RNN learns it on a CPU within seconds.
"""


def plain(text: str) -> str:
    """Lower the case and put one space between words, so that the alphabet stays small."""
    return " ".join(text.lower().split())


FACTS = """
The sun is a star. It is the nearest star to the earth. The light of the sun needs about eight
minutes to reach the earth. The earth goes around the sun once in a year. The earth turns around
itself once in a day. The side of the earth that looks at the sun has day, and the other side has
night. The moon goes around the earth in about a month. The moon has no light of its own. It shows
us the light of the sun. The same side of the moon always looks at the earth.
There are eight planets around the sun. Mercury is the nearest planet to the sun, and it is also
the smallest planet. Venus is the hottest planet. Mars is a red planet, because there is rust in
its sand. Jupiter is the largest planet. Saturn has bright rings of ice and stone. The winds on
Neptune are faster than any wind on the earth.
Water covers most of the earth. Most of the water of the earth is the salt water of the seas. The
water of rivers and lakes is fresh water. Water turns to ice when it is cold, and ice turns to
water when it is warm. Ice is lighter than water, and so the ice stays on top of the lake. The sun
warms the water of the sea. Some of the water rises into the air. There it turns to clouds, and
from the clouds comes the rain. The rain fills the rivers, and the rivers carry the water back to
the sea.
The Nile is a long river in the north of Africa. The Amazon carries more water than any other
river. The Pacific is the largest sea of the earth. The highest mountain above the sea is Everest.
The Sahara is the largest hot desert. It is hot there in the day and cold in the night. Most of
Antarctica is under ice. The ice there is older than any town on the earth.
A plant needs light, water and air. The green leaves of a plant take in the light of the sun. The
roots of a plant take in water from the ground. A tree is a large plant. A tree makes a new ring
of wood in every year, and so the rings show the age of the tree. The seeds of a plant travel with
the wind, with the water or with animals. The bees carry the dust of flowers from plant to plant.
The whale is the largest animal of the sea. A whale is not a fish. It breathes air and it feeds
its young with milk. A fish takes the air that it needs out of the water. The birds have light
bones, and this helps them in the air. Not every bird can fly. The penguin cannot fly in the air,
but it is fast in the water. The bat can fly, but it is not a bird. A spider has eight legs, and a
bee has six legs. The young frog lives in the water, and the old frog lives on land and in the
water.
Light is faster than sound. So we see the lightning before we hear the thunder. Sound travels in
air, in water and in stone, but there is no sound where there is no air. White light is made of
many colours, and the rain can show them to us. Then we see a rainbow. The sky is blue in the day
and red in the evening.
A year has twelve months, and a week has seven days. A day has twenty four hours, and an hour has
sixty minutes. A leap year has one more day than the other years. In the north of the earth the
days are long in June and short in December. In the south of the earth the days are short in June
and long in December.
Iron is heavier than water, but a ship of iron does not sink, because there is air in it. Gold
does not rust. Salt makes ice melt. Sand is made of small stones, and glass is made of sand. Paper
is made of wood. Bread is made of flour, water and salt.
"""
"""Facts about the sky, the water and living things, in plain words."""
