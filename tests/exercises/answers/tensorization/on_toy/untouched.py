# Nothing is scheduled.
# loses: instructions, memories, counts
accelerated = Schedule(programs.batch(3, 8, 12, 16, microkernel.llvm_ir()))
