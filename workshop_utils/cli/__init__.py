"""The command ``workshop`` lets a learner check the machine, look at progress and score texts."""
