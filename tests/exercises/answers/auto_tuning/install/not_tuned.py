# The model as it was given.
# loses: graph,cost
tuned = practice.scoring_model()
