"""What takes too long for a notebook: computed once by a command, kept in a small data file.

| module | job |
|---|---|
| ``runner`` | carries out many small jobs, in parallel, with progress, resumable |
| ``papers`` | the papers' tables: the rows that are run, and how each one is run |
| ``published`` | the figures that the papers print |
| ``tables`` | the data files, summed up beside the published figures |
"""
