"""What a learner does: exercises, quizzes, checks, a box for a text, and the record of it."""
