# Nothing is scheduled.
# loses: instruction, parallel
dotted = Schedule(programs.scores(5, 40, 30, "uint8", "int8", "int32"))
