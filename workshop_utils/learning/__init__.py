"""A learner solves exercises and quizzes here, and what was answered is kept in a record."""
