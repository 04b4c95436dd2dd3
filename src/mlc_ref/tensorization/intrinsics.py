"""Registers the chapter's tensor instructions with TVM; importing this module registers none.

Names are TVM-wide, so registering twice replaces a registration by an equal one.
"""

from functools import cache

from mlc_ref.tensorization.programs import toy

TOY_MAC = "mlc_toy_mac"  # operands in main memory
TOY_MAC_TILES = "mlc_toy_mac_tiles"  # operands in the accelerator's memories
TOY_LOAD_A, TOY_LOAD_B = "mlc_toy_load_a", "mlc_toy_load_b"
TOY_CLEAR, TOY_STORE = "mlc_toy_clear", "mlc_toy_store"
DOT_VNNI = "mlc_dot_16x4_vnni"
WMMA_LOAD_A, WMMA_LOAD_B = "mlc_wmma_load_a", "mlc_wmma_load_b"
WMMA_FILL, WMMA_MMA, WMMA_STORE = "mlc_wmma_fill", "mlc_wmma_mma", "mlc_wmma_store"


@cache
def register_toy() -> None:
    """Register the toy accelerator's instructions; harmless when repeated."""
    from tvm.s_tir import TensorIntrin

    main, a, b, acc = "global", toy.SCOPE_A, toy.SCOPE_B, toy.SCOPE_ACC
    instructions = {
        TOY_MAC: (toy.mac_desc(main, main, main), toy.mac_impl(main, main, main)),
        TOY_MAC_TILES: (toy.mac_desc(a, b, acc), toy.mac_impl(a, b, acc)),
        TOY_LOAD_A: (toy.copy_desc(main, a), toy.copy_impl(main, a)),
        TOY_LOAD_B: (toy.copy_desc(main, b), toy.copy_impl(main, b)),
        TOY_CLEAR: (toy.clear_desc(acc), toy.clear_impl(acc)),
        TOY_STORE: (toy.copy_desc(acc, main), toy.copy_impl(acc, main)),
    }
    for name, (description, implementation) in instructions.items():
        TensorIntrin.register(name, description, implementation, override=True)


@cache
def register_dot() -> None:
    """Register the VNNI dot product; harmless when repeated, and on machines without VNNI."""
    from tvm.s_tir import TensorIntrin

    from mlc_ref.tensorization.programs import dot

    TensorIntrin.register(DOT_VNNI, dot.dot_desc, dot.dot_vnni, override=True)


@cache
def register_wmma() -> None:
    """Register the Tensor Core instructions; harmless when repeated."""
    from tvm.s_tir import TensorIntrin

    from mlc_ref.tensorization.programs import wmma

    half, single = "float16", "float32"
    instructions = {
        WMMA_FILL: (wmma.fill_desc(), wmma.fill_impl()),
        WMMA_LOAD_A: (wmma.copy_desc(half, "shared", wmma.FRAGMENT_A), wmma.load_impl(wmma.FRAGMENT_A)),
        WMMA_LOAD_B: (wmma.copy_desc(half, "shared", wmma.FRAGMENT_B), wmma.load_impl(wmma.FRAGMENT_B)),
        WMMA_MMA: (wmma.mma_desc(), wmma.mma_impl()),
        WMMA_STORE: (wmma.copy_desc(single, wmma.FRAGMENT_ACC, "global"), wmma.store_impl("global")),
    }
    for name, (description, implementation) in instructions.items():
        TensorIntrin.register(name, description, implementation, override=True)
