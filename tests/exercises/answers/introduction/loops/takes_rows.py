# X[i][k] and len(w[0]) take whole rows, which the prompt excludes.
# loses: numbers,negative,again,untouched
def linear_relu(x, w, b, y):
    for i in range(len(x)):
        for j in range(len(w[0])):
            s = 0
            for k in range(len(w)):
                s += x[i][k] * w[k][j]
            y[i][j] = max(s + b[j], 0)
