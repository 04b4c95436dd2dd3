# One loop over all elements; the positions come from quotients and remainders.
# earns: all
def linear_relu(x, w, b, y):
    columns = w.shape[1]
    for position in range(x.shape[0] * columns):
        i, j = divmod(position, columns)
        total = 0.0
        for k in range(x.shape[1]):
            total = total + x[i, k] * w[k, j]
        y[i, j] = max(total + b[j], 0.0)
