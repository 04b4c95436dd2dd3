# Nothing is bound.
# loses: all
tiled = Schedule(programs.product(128, 96, 40))
