# Rank-one updates: the loop of the sum outermost.
# earns: all
def linear_relu(x, w, b, y):
    rows, inner, columns = x.shape[0], w.shape[0], w.shape[1]
    for i in range(rows):
        for j in range(columns):
            y[i, j] = 0.0
    for k in range(inner):
        for i in range(rows):
            for j in range(columns):
                y[i, j] = y[i, j] + x[i, k] * w[k, j]
    for i in range(rows):
        for j in range(columns):
            value = y[i, j] + b[j]
            y[i, j] = value if value > 0 else 0.0
