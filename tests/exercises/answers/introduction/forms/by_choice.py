# For each choice, the questions it answers.
# earns: all
choices = {
    "development": "f1 f3", "deployment": "f2 f4 f5", "tensor program": "a1 a5", "instructions": "a2 a6",
    "graph": "a3", "library": "a4", "same": "t1 t3 t5", "different": "t2 t4",
}
answers = {question: choice for choice, questions in choices.items() for question in questions.split()}
