"""The command ``workshop``, and what each of the learner's commands does."""
