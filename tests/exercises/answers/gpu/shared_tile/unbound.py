# Nothing is bound.
# loses: all
staged = Schedule(programs.product(128, 128, 64))
