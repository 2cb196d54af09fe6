"""What the lessons call: demonstrations, playground, quizzes, and the learner's own machine."""
