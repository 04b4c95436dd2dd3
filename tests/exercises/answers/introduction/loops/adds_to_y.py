# Keeps what y held.
# loses: numbers,negative,again
def linear_relu(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            total = np.float32(0)
            for k in range(w.shape[0]):
                total += x[i, k] * w[k, j]
            total += b[j]
            y[i, j] += total if total > 0 else 0
