"""What takes too long for a notebook: computed once by a command, kept in a small data file.

The data files lie in ``workshop_utils/training/experiments``, where notebooks read them.
"""
