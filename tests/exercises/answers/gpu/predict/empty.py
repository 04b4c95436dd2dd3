# An empty dict.
# loses: all
predicted = {}
