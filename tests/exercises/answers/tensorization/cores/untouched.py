# Nothing is scheduled.
# loses: all
on_cores = Schedule(programs.half_batch(2, 64, 96, 32))
