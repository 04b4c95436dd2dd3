"""From a scheduled module to the IR that a GPU would run.

The passes are those of ``tvm.s_tir.pipeline.default_s_tir_pipeline`` up to the point where barriers
stand and host and device code are still one function. What the simulator runs is therefore what
CUDA code generation would receive.
"""

from typing import TYPE_CHECKING

from mlc_ref.kinds import takes
from mlc_ref.targets import cuda_target

if TYPE_CHECKING:
    import tvm


@takes("IRModule")
def lower_for_gpu(
    mod: "tvm.IRModule", target: "tvm.target.Target | None" = None, *, insert_barriers: bool = True
) -> "tvm.IRModule":
    """The IR after ``ThreadSync`` and ``LowerThreadAllreduce``, before ``MergeSharedMemoryAllocations``.

    Args:
        mod: a module of scheduled TensorIR functions whose loops are bound to blocks and threads.
        target: a CUDA target with a host; default ``cuda_target()``.
        insert_barriers: ``False`` leaves ``ThreadSync`` out, to show what a missing barrier does.
            Barriers written by hand, and those of cross-thread reductions, stay.

    Copies of a software pipeline are asynchronous under ``PassContext(config={"tirx.use_async_copy": True})``,
    as in TVM's own pipeline.

    Raises:
        tvm.error.TVMError: what TVM raises where the module cannot be lowered.
    """
    import tvm

    target = target or cuda_target()
    passes = [tvm.tirx.transform.BindTarget(target), *_to_flat_loops(), *_to_final_statements()]
    if insert_barriers:
        passes += [tvm.s_tir.transform.ThreadSync(scope) for scope in ("shared", "shared.dyn", "warp")]
    passes += [tvm.s_tir.transform.InferFragment(), tvm.s_tir.transform.LowerThreadAllreduce()]
    if tvm.transform.PassContext.current().config.get("tirx.use_async_copy", False):
        passes.append(tvm.s_tir.transform.InjectPTXAsyncCopy())
    with target:
        return tvm.ir.transform.Sequential(passes)(mod)


def _to_flat_loops() -> list:
    """Blocks become loops over flat buffers."""
    import tvm

    s_tir, tirx = tvm.s_tir.transform, tvm.tirx.transform
    return [
        s_tir.CanonicalizeLoop(),
        s_tir.LowerCrossThreadReduction(),
        s_tir.LowerInitBlock(),
        s_tir.PlanAndUpdateBufferAllocationLocation(),
        s_tir.ConvertBlocksToOpaque(),
        s_tir.LiftThreadBinding(),
        s_tir.ManifestSharedMemoryLocalStage(),
        s_tir.CompactBufferAllocation(),
        s_tir.LowerAutoCopy(),
        s_tir.UnifyThreadBinding(),
        s_tir.LowerMatchBuffer(),
        s_tir.StmtSimplify(),
        s_tir.InjectPermutedLayout(),
        s_tir.AnnotateIrregularLoop(),
        s_tir.InjectSoftwarePipeline(),
        s_tir.TransformMmaBufferLayout(),
        s_tir.LowerOpaqueBlock(),
        tirx.FlattenBuffer(),
    ]


def _to_final_statements() -> list:
    """Vectors, virtual threads, unrolling and simplification."""
    import tvm

    s_tir, tirx = tvm.s_tir.transform, tvm.tirx.transform
    return [
        tirx.BF16ComputeLegalize(),
        tirx.NarrowDataType(32),
        s_tir.LoopPartition(),
        tirx.VectorizeLoop(True),
        s_tir.InjectVirtualThread(),
        s_tir.InjectDoubleBuffer(),
        tirx.StorageRewrite(),
        s_tir.HoistIfThenElse(),
        tirx.UnrollLoop(),
        s_tir.RenormalizeSplitPattern(),
        tirx.StmtSimplify(),
        tirx.RemoveNoOp(),
        s_tir.RewriteUnsafeSelect(),
        tirx.CommonSubexprElim(),
        tirx.FP8ComputeLegalize(),
        s_tir.VerifyVTCMLimit(),
        s_tir.LowerVtcmAlloc(),
        tirx.VerifyMemory(),
        tirx.AnnotateEntryFunc(),
    ]
