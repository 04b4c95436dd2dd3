# While loops that count down.
# earns: all
def linear_relu(x, w, b, y):
    n, k = x.shape
    m = b.shape[0]
    i = n
    while i > 0:
        i -= 1
        j = m
        while j > 0:
            j -= 1
            s, p = 0.0, 0
            while p < k:
                s, p = s + x[i, p] * w[p, j], p + 1
            s += b[j]
            y[i, j] = s * (s > 0)
