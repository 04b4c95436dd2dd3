"""The tensor program that writes new keys or values into a cache, in place."""

from tvm.script import tirx as T

# fmt: off


@T.prim_func(private=True, s_tir=True)
def append_rows(var_cache: T.handle, var_new: T.handle, offset: T.int64):
    """``cache[0, offset + s] = new[0, s]``: the other rows stay as they are."""
    T.func_attr({"tirx.noalias": True})
    rows, length, heads, width = T.int64(), T.int64(), T.int64(), T.int64()
    cache = T.match_buffer(var_cache, (T.int64(1), rows, heads, width), "float32")
    new = T.match_buffer(var_new, (T.int64(1), length, heads, width), "float32")
    for s, h, d in T.grid(length, heads, width):
        with T.sblock("append"):
            vs, vh, vd = T.axis.remap("SSS", [s, h, d])
            T.reads(new[0, vs, vh, vd])
            T.writes(cache[0, offset + vs, vh, vd])
            cache[0, offset + vs, vh, vd] = new[0, vs, vh, vd]
