"""Measures of colours that the tests of the figures share."""

from workshop_utils.figures.style import luminance


def contrast(one, two):
    """Contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    low, high = sorted((luminance(one), luminance(two)))
    return (high + 0.05) / (low + 0.05)


def lightness(colour):
    """CIE lightness L* (1976), 0 to 100: what remains of a colour in a grey print."""
    share = luminance(colour)
    return share * (29 / 3) ** 3 if share <= (6 / 29) ** 3 else 116 * share ** (1 / 3) - 16
