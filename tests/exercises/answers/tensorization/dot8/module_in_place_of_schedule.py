# The module in place of the schedule: the steps are lost.
# loses: all
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32")).mod
