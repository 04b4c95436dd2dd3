"""What the text of a function that goes element by element may hold: syntax, functions, attributes, dtypes."""

import ast

TYPES = ("float16", "float32", "float64", "int32", "int64")
DTYPES = (*TYPES, "bool", "int8", "int16", "uint8", "uint16", "uint32", "uint64")
SCALAR_FUNCTIONS = (
    *("abs", "absolute", "add", "divide", "equal", "exp", "fabs", "fmax", "greater", "greater_equal", "isnan", "less"),
    *("less_equal", "maximum", "minimum", "multiply", "negative", "not_equal", "sign", "sqrt", "square", "subtract"),
)
BUILTINS = (
    *("abs", "all", "any", "bool", "divmod", "enumerate", "filter", "float", "int", "isinstance", "len", "list", "map"),
    *("max", "min", "pow", "range", "reversed", "round", "sorted", "sum", "tuple", "zip"),
)
NO_ARRAY, CONTAINER = "__no_array", "__container"  # names that no text may hold
ATTRIBUTES = {"shape", "ndim", "size", "dtype", "append", "item"}
NODES = (
    *(ast.Module, ast.FunctionDef, ast.arguments, ast.arg, ast.Lambda, ast.Return, ast.Nonlocal),
    *(ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr, ast.For, ast.While, ast.If, ast.Break, ast.Continue),
    *(ast.Pass, ast.Expr, ast.Assert, ast.BoolOp, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.Call),
    *(ast.keyword, ast.Constant, ast.Attribute, ast.Subscript, ast.Name, ast.List, ast.Tuple, ast.ListComp),
    *(ast.GeneratorExp, ast.comprehension, ast.expr_context, ast.boolop, ast.unaryop, ast.cmpop, ast.operator),
    *(ast.Starred, ast.Dict, ast.Set),
)
