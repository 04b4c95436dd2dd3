# Three dicts joined.
# earns: all
def group(letter, choices):
    return {letter + str(n + 1): c for n, c in enumerate(choices)}
answers = group('f', ['development','deployment','development','deployment','deployment']) | group('a', ['tensor program','instructions','graph','library','tensor program','instructions']) | group('t', ['same','different','same','different','same'])
