# A class adds up.
# earns: all
class Network:
    def __init__(self, batch):
        self.batch, self.totals = batch, [0, 0, 0, 0]

    def layer(self, k, m, last):
        n = self.batch
        self.totals[0] += n * m * (2 * k + 1) + (0 if last else n * m)
        self.totals[1] += k * m + m
        self.totals[2] += n * k + k * m + n * m + n * m + m + n * m + (0 if last else 2 * n * m)
        self.totals[3] += n * k + k * m + m + n * m


def count(sizes, batch, item_bytes):
    network = Network(batch)
    for i in range(1, len(sizes)):
        network.layer(sizes[i - 1], sizes[i], i == len(sizes) - 1)
    flops, *elements = network.totals
    return {"flops": flops} | {
        key: item_bytes * n for key, n in zip(["parameter_bytes", "separate_bytes", "fused_bytes"], elements)
    }
