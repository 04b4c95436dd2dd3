# The sum in a function of its own.
# earns: all
def element(x, w, b, i, j):
    total = b[j]
    for k in range(len(w)):
        total = total + x[i, k] * w[k, j]
    return total


def linear_relu(x, w, b, y):
    for i in range(len(x)):
        for j in range(len(b)):
            value = element(x, w, b, i, j)
            if value < 0:
                value = 0
            y[i, j] = value
