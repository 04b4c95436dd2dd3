# Rows after the twentieth are zero.
# loses: numbers
def linear_relu(x, w, b, y):
    for i in range(x.shape[0]):
        for j in range(w.shape[1]):
            s = 0.0
            for k in range(w.shape[0]):
                s = s + x[i,k]*w[k,j]
            s = s + b[j]
            y[i,j] = (s if s>0 else 0) if i < 20 else 0
