# Texts taken from an array of NumPy.
# earns: all
words = np.array(['development','deployment','development','deployment','deployment','tensor program','instructions','graph','library','tensor program','instructions','same','different','same','different','same'])
keys = 'f1 f2 f3 f4 f5 a1 a2 a3 a4 a5 a6 t1 t2 t3 t4 t5'.split()
answers = {k: w for k, w in zip(keys, words)}
