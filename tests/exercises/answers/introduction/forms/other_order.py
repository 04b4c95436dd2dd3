# Another order, texts in single quotes.
# earns: all
answers = {
    't5': 'same', 't4': 'different', 't3': 'same', 't2': 'different', 't1': 'same',
    'a6': 'instructions', 'a5': 'tensor program', 'a4': 'library', 'a3': 'graph', 'a2': 'instructions', 'a1': 'tensor program',
    'f5': 'deployment', 'f4': 'deployment', 'f3': 'development', 'f2': 'deployment', 'f1': 'development',
}
