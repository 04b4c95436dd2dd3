# Only split: there is still one stage.
# loses: stages,parallel
program = programs.squares(1003)
staged = Schedule(program)
part, rest = staged.split(staged.get_loops("squares")[0], factors=[8, None])
staged.decompose_reduction("squares", part)
