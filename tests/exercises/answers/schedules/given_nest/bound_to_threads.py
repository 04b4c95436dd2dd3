# Loops bound to the threads of a GPU: no program for a CPU.
# loses: order,numbers
program = programs.product(24, 36, 20)
nested = Schedule(program)
i, j, r = nested.get_loops("product")
i0, i1 = nested.split(i, factors=[None, 4])
j0, j1 = nested.split(j, factors=[None, 9])
nested.reorder(i0, j0, r, i1, j1)
nested.bind(i0, "blockIdx.x")
nested.bind(j0, "threadIdx.x")
