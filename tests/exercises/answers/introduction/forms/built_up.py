# The dict filled key by key.
# earns: all
answers = {}
for n, c in enumerate(['development','deployment','development','deployment','deployment'], 1):
    answers[f'f{n}'] = c
for n, c in enumerate(['tensor program','instructions','graph','library','tensor program','instructions'], 1):
    answers[f'a{n}'] = c
for n, c in enumerate(['same','different','same','different','same'], 1):
    answers[f't{n}'] = c
