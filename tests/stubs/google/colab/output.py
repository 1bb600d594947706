"""The page below a cell."""

CALLS = []


def enable_custom_widget_manager(version=""):
    """Note the call."""
    CALLS.append("enable")


def disable_custom_widget_manager():
    """Note the call."""
    CALLS.append("disable")


def clear(wait=False, output_tags=()):
    """Do nothing."""
