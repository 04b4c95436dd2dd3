"""What each schedule primitive does, in one sentence of both languages."""

from mlc_ref.language import Text, for_print

SENTENCES: dict[str, Text] = {
    "Split": Text(
        "One loop becomes several nested ones; where the factors do not divide its length, a condition cuts off the rest.",
        "一个循环变成几个嵌套的循环；因子不能整除循环长度时，用一个条件去掉多出的部分。",
    ),
    "Fuse": Text(
        "Nested loops become one loop of their joint length.", "几个嵌套的循环合并成一个，长度为各循环长度之积。"
    ),
    "Merge": Text("Loops of neighbouring nests become one loop.", "相邻嵌套中的循环合并成一个循环。"),
    "LoopPartition": Text(
        "One loop becomes several that follow each other, each over a part of the range.",
        "一个循环变成前后相接的几个循环，各负责一段范围。",
    ),
    "Reorder": Text(
        "The loops change places: the same iterations run in another order.",
        "循环交换位置：迭代还是那些迭代，执行的顺序变了。",
    ),
    "ReorderBlockIterVar": Text("The axes of the block are listed in another order.", "块轴换了排列顺序。"),
    "AddUnitLoop": Text("A loop of length 1 is put around.", "在外面加一层长度为 1 的循环。"),
    "Parallel": Text(
        "The threads of the CPU share the iterations of this loop.", "CPU 的各个线程分担这个循环的迭代。"
    ),
    "Vectorize": Text(
        "The iterations of this loop become the lanes of one vector operation.",
        "这个循环的各次迭代变成一条向量运算的各个通道。",
    ),
    "Unroll": Text("The iterations of this loop are written one after the other.", "把这个循环的各次迭代逐一写出。"),
    "Bind": Text(
        "Each iteration of this loop goes to a block or a thread of the GPU.",
        "这个循环的每次迭代交给 GPU 的一个线程块或一个线程。",
    ),
    "CacheRead": Text(
        "The buffer is copied before it is read, and the block reads the copy.",
        "读取之前先复制这个缓冲区，块改为读取副本。",
    ),
    "CacheWrite": Text(
        "The block writes into a buffer of its own, which is then copied to where the result belongs.",
        "块先写入自己的缓冲区，再复制到结果应在的位置。",
    ),
    "ReindexCacheRead": Text(
        "The elements the block reads are copied into the order in which it reads them.",
        "把块要读取的元素按读取的顺序复制一份。",
    ),
    "ReindexCacheWrite": Text(
        "The block writes in its own order into a buffer of its own, which is then copied out.",
        "块按自己的顺序写入自己的缓冲区，再复制出去。",
    ),
    "ReIndex": Text(
        "A copy of the buffer is laid out by the axes of the block.", "按块轴的顺序另存一份缓冲区。"
    ),
    "CacheIndex": Text("Index values that recur are computed once and kept.", "重复出现的下标值只计算一次并保存下来。"),
    "CacheInplace": Text(
        "A buffer that is read and written is copied in before and out after.",
        "既读又写的缓冲区，先复制进来，用完再复制出去。",
    ),
    "ReadAt": Text("A part of the buffer is copied inside this loop, and read there.", "在这个循环里复制缓冲区的一部分，并就地读取。"),
    "WriteAt": Text("A part of the buffer is written inside this loop and copied out.", "在这个循环里写缓冲区的一部分，再复制出去。"),
    "ComputeAt": Text(
        "The producer moves into the loop of its consumer and makes only what one iteration needs.",
        "生产者移到消费者的循环里，只计算一次迭代所需的部分。",
    ),
    "ReverseComputeAt": Text(
        "The consumer moves into the loop of its producer and uses what one iteration has made.",
        "消费者移到生产者的循环里，用掉一次迭代刚算出的部分。",
    ),
    "ComputeInline": Text(
        "The formula of the producer is written into its consumers, and its buffer is gone.",
        "把生产者的公式写进消费者，它的缓冲区随之消失。",
    ),
    "ReverseComputeInline": Text(
        "The consumer is written into its producer, and the buffer between them is gone.",
        "把消费者写进生产者，两者之间的缓冲区随之消失。",
    ),
    "FuseReductionEpilogue": Text(
        "What follows the reduction is written into the reduction itself.", "把规约之后的运算写进规约本身。"
    ),
    "DecomposeReduction": Text(
        "The initial value leaves the reduction and gets a block of its own before this loop.",
        "初始值从规约里分出来，在这个循环之前单独成块。",
    ),
    "RFactor": Text(
        "The reduction becomes two: partial results along this loop, then their combination.",
        "规约分成两步：先沿这个循环求部分结果，再把它们合起来。",
    ),
    "DecomposePadding": Text(
        "Filling with the padding value and copying the data become two blocks.", "填充与复制数据分成两个块。"
    ),
    "PadEinsum": Text(
        "The operands are padded until the axes have the stated multiples as lengths.",
        "填充各操作数，使各轴的长度成为给定数的倍数。",
    ),
    "RollingBuffer": Text(
        "The buffer keeps only the window that is still needed, and its places are used again.",
        "缓冲区只保留还用得到的窗口，位置循环使用。",
    ),
    "TransformLayout": Text(
        "The elements of the buffer are stored in another order, and all accesses follow.",
        "缓冲区的元素换一种顺序存放，所有访问随之改变。",
    ),
    "TransformBlockLayout": Text(
        "The block's axes are rewritten by the index map, and its loops with them.",
        "按下标映射改写块轴，循环随之改变。",
    ),
    "SetScope": Text(
        "The buffer moves to another memory; local means registers.", "缓冲区换到另一种存储；local 指寄存器。"
    ),
    "StorageAlign": Text(
        "Rows of the buffer get a gap, so that they begin where it is wanted.", "在缓冲区各行之间留出空隙，使每行从指定的位置开始。"
    ),
    "UnsafeSetDType": Text("The buffer keeps its values in another type.", "缓冲区改用另一种类型保存数值。"),
    "UnsafeHideBufferAccess": Text("An access is left out of what the block declares.", "块的声明里不再列出某个访问。"),
    "Annotate": Text("A note for a later pass is attached.", "附上一条注解，供后面的 Pass 使用。"),
    "Unannotate": Text("A note is taken away.", "去掉一条注解。"),
    "AnnotateBufferAccess": Text("The block declares what it reads or writes in another way.", "换一种方式声明块的读写区域。"),
    "Blockize": Text(
        "This loop and everything in it become one block, which can be treated as a single step.",
        "这个循环连同其中的一切变成一个块，可以当作一步来对待。",
    ),
    "Tensorize": Text(
        "This loop and everything in it are replaced by a tensor instruction that computes the same.",
        "这个循环连同其中的一切换成一个计算内容相同的张量内建函数。",
    ),
}  # fmt: skip
"""By the kind of the trace's instruction."""

_UNKNOWN = Text(
    "explore: got a step of kind {kind}, sentences are known for {known}",
    "explore：得到类型为 {kind} 的步骤，有说明的步骤是 {known}",
)


def sentence(kind: str) -> Text:
    """The sentence for a kind of instruction.

    Raises:
        ValueError: there is none.
    """
    if kind not in SENTENCES:
        raise ValueError(for_print(_UNKNOWN.format(kind=kind, known=", ".join(sorted(SENTENCES)))))
    return SENTENCES[kind]
