"""What may stand in an answer that leaves a student's process. Everything that is not listed is refused.

Nothing here runs code by itself. Left out on purpose: calls of functions by name or address
(``call_extern``, ``call_packed``, ``call_llvm_intrin``, ``call_dps_packed`` and their kin), pointers into
buffers (``address_of``, ``tvm_access_ptr``, ``reinterpret`` of handles), inline code in pragmas, closures,
target hooks, device code, profiling and printing.
"""


def _words(text: str, prefix: str = "") -> frozenset[str]:
    return frozenset(prefix + word for word in text.split())


NODE_TYPES = _words(
    """
    ir.Call ir.DictAttrs ir.FloatImm ir.FuncType ir.GenericConst ir.GlobalVar ir.IRModule ir.IntImm ir.PointerType
    ir.PrimType ir.Range ir.SequentialSpan ir.Source ir.SourceMap ir.SourceName ir.Span ir.StringImm ir.StringType
    ir.TensorLoad ir.TensorRegion ir.Tuple ir.TupleGetItem ir.TupleType ir.Type ir.Var
    prim.Add prim.And prim.BitwiseAnd prim.BitwiseNot prim.BitwiseOr prim.BitwiseXor prim.Broadcast prim.Cast prim.Div
    prim.EQ prim.FloorDiv prim.FloorMod prim.GE prim.GT prim.LE prim.LShift prim.LT prim.Let prim.Max prim.Min prim.Mod
    prim.Mul prim.NE prim.Not prim.Or prim.RShift prim.Ramp prim.Select prim.Shuffle prim.Sub
    s_tir.MatchBufferRegion s_tir.SBlock s_tir.SBlockRealize
    tirx.AllocBuffer tirx.AssertStmt tirx.AttrStmt tirx.Bind tirx.BufferRegionType tirx.BufferStore tirx.BufferType
    tirx.DeclBuffer tirx.Evaluate tirx.For tirx.IfThenElse tirx.IndexMap tirx.IterVar tirx.PrimFunc tirx.SeqStmt tirx.While
    relax.AnyType relax.FuncType relax.PackedFuncType relax.ShapeType relax.TensorType
    relax.expr.BindingBlock relax.expr.DataflowBlock relax.expr.DataflowVar relax.expr.Function relax.expr.If
    relax.expr.MatchCast relax.expr.SeqExpr relax.expr.ShapeExpr relax.expr.VarBinding
    relax.attrs.AdaptivePool2DAttrs relax.attrs.ArgmaxArgminAttrs relax.attrs.AstypeAttrs relax.attrs.BatchNormAttrs
    relax.attrs.ConcatAttrs relax.attrs.Conv1DAttrs relax.attrs.Conv2DAttrs relax.attrs.Conv2DTransposeAttrs
    relax.attrs.DropoutAttrs relax.attrs.EinsumAttrs relax.attrs.ExpandDimsAttrs relax.attrs.FlipAttrs
    relax.attrs.GroupNormAttrs relax.attrs.InitAttrs relax.attrs.LayerNormAttrs relax.attrs.LayoutTransformAttrs
    relax.attrs.LeakyReluAttrs relax.attrs.MatmulAttrs relax.attrs.OneHotAttrs relax.attrs.PadAttrs
    relax.attrs.PermuteDimsAttrs relax.attrs.Pool1DAttrs relax.attrs.Pool2DAttrs relax.attrs.QuantizeAttrs
    relax.attrs.RMSNormAttrs relax.attrs.RepeatAttrs relax.attrs.ScanopAttrs relax.attrs.SoftmaxAttrs
    relax.attrs.SoftplusAttrs relax.attrs.SortAttrs relax.attrs.SplitAttrs relax.attrs.SqueezeAttrs
    relax.attrs.StackAttrs relax.attrs.StatisticalAttrs relax.attrs.StridedSliceAttrs relax.attrs.TakeAttrs
    relax.attrs.TileAttrs relax.attrs.TopKAttrs relax.attrs.TriluAttrs
    """
)

SCALAR_OPERATORS = _words("ceil clz if_then_else likely log2", prefix="prim.")

TENSOR_OPERATORS = _words(
    """
    acos acosh asin asinh atan atan2 atanh copysign cos cosh dp4a erf exp exp10 exp2 fabs floor fma fmod hypot isfinite
    isinf isnan ldexp log log10 log1p nearbyint nextafter popcount pow q_multiply_shift round rsqrt sigmoid sin sinh sqrt
    tan tanh trunc tvm_storage_sync tvm_thread_allreduce tvm_thread_invariant tvm_warp_activemask tvm_warp_shuffle
    tvm_warp_shuffle_down tvm_warp_shuffle_up tvm_bmma_sync tvm_fill_fragment tvm_mma_sync vectorcombine vectorhigh
    vectorlow
    """,
    prefix="tirx.",
)

GRAPH_OPERATORS = _words(
    """
    abs acos acosh add arange argmax argmin argsort asin asinh astype atan atanh bitwise_and bitwise_not bitwise_or
    bitwise_xor broadcast_to call_tir ceil clip collapse_sum_like collapse_sum_to concat cos cosh cumprod cumsum
    dequantize divide einsum equal erf ewise_fma exp expand_dims eye flatten flip floor floor_divide floor_mod full
    full_like gather_elements greater greater_equal isfinite isinf isnan layout_transform left_shift less less_equal log
    logical_and logical_not logical_or logical_xor matmul max maximum mean min minimum mod multiply negative
    not_equal one_hot ones ones_like outer permute_dims power prod quantize repeat reshape right_shift round rsqrt
    shape_of sigmoid sign sin sinh sort split sqrt square squeeze stack std strided_slice subtract sum take tan tanh
    tile topk tril triu trunc variance where zeros zeros_like
    nn.adaptive_avg_pool2d nn.avg_pool1d nn.avg_pool2d nn.batch_flatten nn.batch_norm nn.conv1d nn.conv2d
    nn.conv2d_transpose nn.cross_entropy_with_logits nn.dropout nn.gelu nn.gelu_tanh nn.group_norm nn.layer_norm
    nn.leakyrelu nn.log_softmax nn.max_pool1d nn.max_pool2d nn.pad nn.relu nn.rms_norm nn.selu nn.silu
    nn.softmax nn.softplus
    """,
    prefix="relax.",
)

OPERATORS = SCALAR_OPERATORS | TENSOR_OPERATORS | GRAPH_OPERATORS

# Allowed only in tasks that name what may be called (``Task.externs``). What ``call_dps_packed`` calls is an
# ExternFunc, a node that is accepted in graphs which are not run, and nowhere else.
EXTERN_CALL = "tirx.call_extern"
EXTERN_CODE = "pragma_import_llvm"
WITH_EXTERNS = frozenset(
    {EXTERN_CALL, "tirx.tvm_access_ptr", "tirx.type_annotation", "tirx.buffer_data", "relax.call_dps_packed"}
)

# Allowed only in graphs that are looked at and never run, in tasks that name them (``Task.externs`` with no text).
LIBRARY_CALL = "relax.expr.ExternFunc"
LIBRARY_CALL_TYPE = "tvm.relax.type.infer_by_ty_args"

# Keys of loop and block annotations, of AttrStmt, and of function and module attributes. TVM's operator library leaves
# "axis", "schedule_rule" and "layout_free_placeholders" on blocks; only MetaSchedule reads them, which never runs on an
# answer.
ANNOTATIONS = _words(
    """
    pragma_auto_unroll_max_step pragma_unroll_explicit buffer_dim_align double_buffer_scope
    software_pipeline_stage software_pipeline_order software_pipeline_async_stages
    thread_extent virtual_thread
    global_symbol tirx.noalias s_tir tirx.is_entry_func tirx.is_scheduled op_pattern Primitive Composite num_input
    relax.force_pure layout_free_buffers
    meta_schedule.tiling_structure meta_schedule.cooperative_fetch meta_schedule.vectorize meta_schedule.parallel
    meta_schedule.unroll_explicit meta_schedule.unroll_implicit meta_schedule.random_compute_producer
    script_parsing_detect_access axis_separators
    warp_execution layout_transformed axis schedule_rule layout_free_placeholders
    """
)

# Schedule primitives, by the names a trace gives them. Left out: those that bypass the compiler's checks
# (UnsafeSetDType, UnsafeHideBufferAccess, AnnotateBufferAccess), and those that run a registered function.
INSTRUCTIONS = _words(
    """
    AddUnitLoop Annotate Bind Blockize CacheIndex CacheInplace CacheRead CacheWrite ComputeAt ComputeInline
    DecomposePadding DecomposeReduction Fuse FuseReductionEpilogue GetChildBlocks GetConsumers GetLoops GetOutputBlocks
    GetProducers GetSBlock LoopPartition Merge PadEinsum Parallel RFactor ReIndex ReadAt ReindexCacheRead
    ReindexCacheWrite Reorder ReorderBlockIterVar ReverseComputeAt ReverseComputeInline RollingBuffer SampleCategorical
    SampleComputeLocation SamplePartitionedTile SamplePerfectTile SetAxisSeparator SetScope Split StorageAlign Tensorize
    TransformBlockLayout TransformLayout Unannotate Unroll Vectorize WriteAt EnterPostproc
    """
)
