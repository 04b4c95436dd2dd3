# The loops moved one at a time, the last one first.
# earns: all
program = programs.product(24, 36, 20)
nested = Schedule(program)
rows, columns, terms = nested.get_loops("product")
columns, nine = nested.split(columns, [4, 9])
nested.reorder(terms, nine)
rows, four = nested.split(rows, [6, 4])
nested.reorder(columns, terms, four, nine)
