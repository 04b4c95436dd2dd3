# Nothing is bound.
# loses: all
summed = Schedule(programs.row_squares(40, 304))
