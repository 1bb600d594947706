"""What the invented tweets are made of: people, parties and a debate that never were."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


CANDIDATES = (
    "Ada Norwell",
    "Milo Brandt",
    "June Castell",
    "Otto Verne",
    "Iris Lomax",
    "Hugo Pellan",
    "Nora Quist",
    "Theo Marsh",
    "Vera Dunmore",
    "Paul Ashby",
)
"""Invented; with the shares of mentions below, the first one is talked about most."""

SUBJECTS = (
    "None of the above",
    "Moderators",
    "Schools",
    "Roads",
    "Jobs and Economy",
    "Healthcare",
    "Taxes",
    "Harbours",
    "Farming",
    "Energy",
    "Housing",
    "Railways",
)

TOPICS = {
    "None of the above": ("the future", "the facts", "tonight", "the rules", "our town", "change"),
    "Moderators": ("the moderators", "the questions", "the host", "the follow up question"),
    "Schools": ("schools", "teachers", "school lunches", "student loans", "libraries"),
    "Roads": ("roads", "bridges", "traffic", "the old tunnel", "bike lanes"),
    "Jobs and Economy": ("jobs", "wages", "small business", "the budget", "the economy"),
    "Healthcare": ("hospitals", "nurses", "health care", "medicine prices"),
    "Taxes": ("taxes", "the sales tax", "the tax plan", "tax forms"),
    "Harbours": ("the harbour", "fishing boats", "the ferry", "ports"),
    "Farming": ("farms", "farmers", "milk prices", "the harvest"),
    "Energy": ("wind power", "power bills", "solar roofs", "the dam"),
    "Housing": ("rents", "housing", "new homes", "the zoning law"),
    "Railways": ("trains", "the night train", "railways", "late trains"),
}

OPENERS = (
    "",
    "",
    "",
    "",
    "ok,",
    "so",
    "well,",
    "honestly,",
    "wait,",
    "just now:",
    "for the record:",
    "my mom says",
    "hot take:",
    "I think",
    "fact check:",
    "breaking:",
    "half time:",
    "from the cheap seats:",
    "quick thought:",
    "late again, but",
    "after an hour of this,",
    "at this point",
    "everybody here agrees:",
    "tonight",
    "again:",
    "in short,",
)

OPINIONS = {
    "Negative": (
        "{who} did not answer the question about {topic}",
        "{who} has no plan for {topic}, only noise",
        "that answer on {topic} was {bad} and far too long",
        "I do not trust a word that {who} says about {topic}",
        "I can not support {who} after that {bad} answer on {topic}",
        "{who} looks lost when it comes to {topic}",
        "what a waste of an evening, nobody talks about {topic}",
        "the worst line of the night comes from {who}, on {topic} of all things",
        "so disappointed in {who} and in the party",
        "this was not a good night for {who}",
        "this is not smart, it is a {bad} joke about {topic}",
        "{who} sounds {bad} and {bad} on {topic}",
        "why does {who} never mention {topic}?",
        "{who} is wrong about {topic}. Again.",
        "please stop shouting and talk about {topic}",
        "nobody believes {who} on {topic} any more",
        "{who} dodged {topic} for the third time",
        "sorry, but {who} is not fit to be in charge of {topic}",
        "the {bad} side: {who} thinks {topic} can wait",
        "if {who} wins, say goodbye to {topic}",
        "{who} would rather insult people than fix {topic}",
        "can't believe how {bad} {who} was on {topic}",
        "we deserve better than this {bad} show",
        "I was going to vote for {who}. Not any more.",
    ),
    "Positive": (
        "{who} gave a {good} answer on {topic}",
        "{who} has a real plan for {topic}",
        "finally somebody who understands {topic}: {who}",
        "I trust {who} on {topic}",
        "{who} is {good} and {good} tonight",
        "the best line of the night comes from {who}, on {topic}",
        "proud to support {who}",
        "this was not a bad night for {who} at all",
        "not one wrong word from {who} about {topic}",
        "{who} won this debate, and it was not close",
        "that was a smart answer on {topic}, thank you {who}",
        "{who} speaks from the heart about {topic}",
        "more of {who}, please. So {good}!",
        "love how {who} talks about {topic}",
        "{who} makes me believe in {topic} again",
        "standing ovation for {who} on {topic}",
        "{who} stayed calm, {good} and kind",
        "well done {who}, that bit on {topic} was {good}",
        "you have my vote, {who}",
        "never heard anybody explain {topic} so well",
    ),
    "Neutral": (
        "watching {who} talk about {topic}",
        "{who} and the others are on stage now",
        "next question: {topic}",
        "the debate turns to {topic}",
        "{who} speaks for two minutes about {topic}",
        "who do you think is ahead on {topic}?",
        "a poll says most people watch for {topic}",
        "here is the full text of what {who} said about {topic}",
        "live photos of {who} after the debate",
        "what {who} said about {topic}, in one chart",
        "how would you ask {who} about {topic}?",
        "five minutes until {topic}",
        "{who} asks for a support program for {topic}",
        "recap: {who} on {topic}",
    ),
}

SECONDS = {
    "Negative": (
        "turn it off",
        "no thanks",
        "shame on all of them",
        "this is {bad}",
        "what a circus",
        "I want my evening back",
        "fail",
        "so {bad}",
        "my head hurts",
        "not impressed at all",
        "they all lost tonight",
        "boo",
    ),
    "Positive": (
        "bravo",
        "so {good}",
        "what a night",
        "this gives me hope",
        "well said",
        "keep going",
        "thank you",
        "a winner",
        "more of this please",
        "not bad at all",
        "a {good} moment",
        "yes!",
    ),
    "Neutral": (
        "more at nine",
        "what do you think?",
        "my cat is watching too",
        "the popcorn is gone",
        "read on here",
        "second round now",
        "pass the tea",
        "important to know",
        "we are live",
        "story below",
        "join us for part three",
        "the remote is lost",
        "second hour",
        "bigger things later",
        "it is getting late here",
        "listen for yourself",
    ),
}

BAD = _words(
    "weak empty rude dull loud bitter boring cheap clumsy awful sad terrible pathetic silly "
    "angry cold confused careless nasty hollow tired lame ridiculous shameful false"
)
GOOD = _words(
    "strong clear honest great smart calm funny solid brilliant warm sharp excellent brave "
    "thoughtful fresh wonderful sincere confident charming wise impressive graceful"
)

TAG_WORDS = _words(
    "Norwell16 TeamBrandt Castell4Us Verne Lomax2016 QuistNow Pellan TeamMarsh Dunmore AshbyFans "
    "TownHall DebateNight FactCheck Bingo Popcorn OneStage Election Vote LiveNow TwinCity "
    "JobsNow FixTheRoads Harbour MoreTrains Schools TaxTalk Farmers NightTrain Moderators"
)

HANDLE_PARTS = _words(
    "sofa popcorn remote kettle lantern pencil harbor maple teacup sparrow button walnut pebble "
    "marble ribbon candle thimble acorn feather biscuit compass anchor mitten puddle saddle "
    "turnip violet willow copper velvet pepper nutmeg juniper clover bramble hazel"
)

EMOJI = ("\U0001f602", "\U0001f44f", "\U0001f610", "\U0001f3a4", "\U0001f634", "\U0001f44d", "❤️")
CURLY = ("\u2019", "\u201c", "\u201d", "\u2014")

SOMEBODY = ("that guy", "the senator", "the mayor", "the governor", "the doctor", "number three")
"""Who is meant when no candidate is named."""

FLAG = "\U0001f1fa\U0001f1f3"
