"""What takes too long for a notebook: computed once by a command, kept in a small data file.

The data files lie in ``workshop_utils/experiments``, where notebooks read them.

| module | job |
|---|---|
| ``runner`` | carries out many small jobs, in parallel, with progress, resumable |
| ``papers`` | the papers' tables: the rows that are run, and how each one is run |
| ``initialisers`` | first biases of an LSTM: open forget gates, and the chrono scheme |
| ``papers_tasks`` | tasks that only these tables need |
| ``papers_training`` | trains a small Keras network on a task, from new first weights |
| ``ablation`` | notebook ``ablation``: one change at a time to the network of notebook 05 |
"""
