# A class that draws and cuts, with keyword arguments throughout.
# earns: all
class Tiler:
    def __init__(self, sch, block):
        self.sch, self.loops = sch, sch.get_loops(block=block)

    def tiled(self, place, n, most):
        loop = self.loops[place]
        return self.sch.split(loop=loop, factors=self.sch.sample_perfect_tile(loop=loop, n=n, max_innermost_factor=most))

    def cut(self, place, lengths):
        chances = [1.0 / len(lengths) for _ in lengths]
        drawn = self.sch.sample_categorical(candidates=lengths, probs=chances)
        return self.sch.split(loop=self.loops[place], factors=[None, drawn])


tiler = Tiler(Schedule(exercise_inputs.scores_program()), "Y")
k0, k1 = tiler.cut(2, [1, 2, 3, 4])
j0, j1, j2 = tiler.tiled(1, 3, 16)
i0, i1 = tiler.tiled(0, 2, 6)
scores = tiler.sch
scores.reorder(i0, j0, j1, k0, k1, i1, j2)
scores.parallel(i0), scores.unroll(k1), scores.vectorize(j2)
