# Keys and choices zipped.
# earns: all
answers = dict(zip('f1 f2 f3 f4 f5 a1 a2 a3 a4 a5 a6 t1 t2 t3 t4 t5'.split(), ['development','deployment','development','deployment','deployment','tensor program','instructions','graph','library','tensor program','instructions','same','different','same','different','same']))
