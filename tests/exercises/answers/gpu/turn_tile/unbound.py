# Nothing is bound.
# loses: all
turned = Schedule(programs.scaled_transpose(72, 104))
