# Nothing is bound.
# loses: all
window = Schedule(programs.window_max(1000, 9))
