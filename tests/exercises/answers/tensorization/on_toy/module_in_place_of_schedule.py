# The module in place of the schedule: the steps are lost.
# loses: all
accelerated = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir())).mod
