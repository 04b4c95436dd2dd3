# Nothing is bound.
# loses: all
bound = Schedule(programs.leaky(37, 50))
