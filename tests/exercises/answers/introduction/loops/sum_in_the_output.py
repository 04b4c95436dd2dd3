# The sum stands in y itself, which is cleared first.
# earns: all
def linear_relu(x, w, b, y):
    n, k = x.shape
    for i in range(n):
        for j in range(len(b)):
            y[i, j] = b[j]
            for p in range(k):
                y[i, j] += x[i, p] * w[p, j]
            if not y[i, j] > 0:
                y[i, j] = 0
