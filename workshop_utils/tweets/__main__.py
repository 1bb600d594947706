"""Look for the tweets once, and say what was found: ``python -m workshop_utils.tweets``."""

import sys

from workshop_utils.tweets import TweetsUnreadable, load_or_synthetic


def main() -> int:
    """Fetch the tweets into the cache where they can be had; return the exit status."""
    try:
        load_or_synthetic()
    except TweetsUnreadable as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
