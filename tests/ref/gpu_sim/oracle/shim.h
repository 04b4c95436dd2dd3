// Runs generated CUDA text on a CPU: each CUDA thread is a fiber, blocks run one after the other.
// A fiber gives way only while it waits at a barrier, so that a run is deterministic.
#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

typedef unsigned int uint;
typedef unsigned char uchar;
typedef unsigned short ushort;
typedef _Float16 half;

// As CUDA's math_functions.hpp has them for numbers of 32 and 64 bits, and the text's own first lines for half.
template <typename T>
T max(T a, T b) {
  return std::max(a, b);
}
template <typename T>
T min(T a, T b) {
  return std::min(a, b);
}
inline float max(float a, float b) { return fmaxf(a, b); }
inline float min(float a, float b) { return fminf(a, b); }
inline double max(double a, double b) { return fmax(a, b); }
inline double min(double a, double b) { return fmin(a, b); }
inline half max(half a, half b) { return a > b ? a : b; }
inline half min(half a, half b) { return a < b ? a : b; }

#define __global__
#define __launch_bounds__(...)
#define __align__(n) __attribute__((aligned(n)))

template <typename T>
struct Vector2 {
  T x, y;
};
template <typename T>
struct Vector4 {
  T x, y, z, w;
};
typedef Vector2<float> float2;
typedef Vector4<float> float4;
typedef Vector2<half> half2;
typedef Vector4<half> half4;
typedef Vector2<int> int2;
typedef Vector4<int> int4;
typedef Vector2<uint> uint2;
typedef Vector4<uint> uint4;
inline float2 make_float2(float x, float y) { return {x, y}; }
inline float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
inline half __float2half_rn(float x) { return (half)x; }
inline int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }

struct Dim {
  int x, y, z;
};
static Dim threadIdx, blockIdx;
alignas(64) unsigned char buf_dyn_shmem_ptr[1 << 17];

static const int kStack = 1 << 17;
struct Fiber {
  ucontext_t context;
  std::vector<char> stack;
  bool done;
};
struct Barrier {
  int arrived = 0, generation = 0;
};

static std::vector<Fiber> fibers;
static ucontext_t scheduler;
static int current, threads;
static Dim blockDim;
static std::function<void()> body;
static Barrier block_barrier;
static std::vector<Barrier> warp_barriers;
static std::vector<uint64_t> slots;

static void wait(Barrier& barrier, int expected) {
  int generation = barrier.generation;
  if (++barrier.arrived == expected) {
    barrier.arrived = 0;
    ++barrier.generation;
    return;
  }
  while (barrier.generation == generation) swapcontext(&fibers[current].context, &scheduler);
}

inline void __syncthreads() { wait(block_barrier, threads); }
inline void __syncwarp() {
  int warp = current / 32;
  wait(warp_barriers[warp], std::min(32, threads - warp * 32));
}
inline uint __activemask() { return 0xffffffffu; }

template <typename T>
T exchange(T value, int source, int width) {
  int lane = current % 32;
  std::memcpy(&slots[current], &value, sizeof(T));
  __syncwarp();
  bool inside = source >= 0 && source / width == lane / width && current - lane + source < threads;
  T result;
  std::memcpy(&result, &slots[inside ? current - lane + source : current], sizeof(T));
  __syncwarp();
  return result;
}
template <typename T>
T __shfl_sync(uint, T value, int lane, int width) {
  return exchange(value, current % 32 / width * width + lane % width, width);
}
template <typename T>
T __shfl_down_sync(uint, T value, int distance, int width) {
  return exchange(value, current % 32 + distance, width);
}
template <typename T>
T __shfl_up_sync(uint, T value, int distance, int width) {
  return exchange(value, current % 32 - distance, width);
}
inline uint __ballot_sync(uint, int predicate) {
  slots[current] = predicate != 0;
  __syncwarp();
  uint bits = 0;
  for (int first = current / 32 * 32, lane = 0; lane < 32 && first + lane < threads; ++lane)
    bits |= (uint)slots[first + lane] << lane;
  __syncwarp();
  return bits;
}

inline int __clz(int x) { return x ? __builtin_clz((uint)x) : 32; }
inline int __clzll(int64_t x) { return x ? __builtin_clzll((uint64_t)x) : 64; }
inline int __popc(uint x) { return __builtin_popcount(x); }

// One fiber runs at a time and gives way at barriers only: every update is atomic.
template <typename T, typename F>
T exchanged(T* target, F after) {
  T before = *target;
  *target = after(before);
  return before;
}
#define ATOMIC(name, after) \
  template <typename T>     \
  T name(T* target, T value) { return exchanged(target, [=](T now) -> T { return after; }); }
ATOMIC(atomicAdd, now + value)
ATOMIC(atomicSub, now - value)
ATOMIC(atomicMax, now > value ? now : value)
ATOMIC(atomicMin, now < value ? now : value)
ATOMIC(atomicAnd, now & value)
ATOMIC(atomicOr, now | value)
ATOMIC(atomicXor, now ^ value)
ATOMIC(atomicExch, value)
template <typename T>
T atomicCAS(T* target, T compare, T value) {
  return exchanged(target, [=](T now) -> T { return now == compare ? value : now; });
}

// Every thread of a warp holds whole matrices and computes whole products: slow, and plain.
namespace nvcuda {
namespace wmma {
struct matrix_a;
struct matrix_b;
struct accumulator;
struct row_major;
struct col_major;
enum layout_t { mem_row_major, mem_col_major };
template <typename Use, int m, int n, int k, typename T, typename Layout = row_major>
struct fragment {
  T x[16][16];
};
template <typename F, typename T>
void fill_fragment(F& f, T value) {
  for (auto& row : f.x)
    for (auto& e : row) e = value;
}
template <typename U, typename T>
void load_matrix_sync(fragment<U, 16, 16, 16, T, row_major>& f, const T* from, int stride) {
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j) f.x[i][j] = from[i * stride + j];
}
template <typename U, typename T>
void load_matrix_sync(fragment<U, 16, 16, 16, T, col_major>& f, const T* from, int stride) {
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j) f.x[i][j] = from[j * stride + i];
}
template <typename F, typename T>
void store_matrix_sync(T* to, const F& f, int stride, layout_t) {
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j) to[i * stride + j] = f.x[i][j];
}
template <typename D, typename A, typename B, typename C>
void mma_sync(D& d, const A& a, const B& b, const C& c) {
  for (int i = 0; i < 16; ++i)
    for (int j = 0; j < 16; ++j) {
      auto sum = c.x[i][j];
      for (int k = 0; k < 16; ++k) sum += (decltype(sum))a.x[i][k] * (decltype(sum))b.x[k][j];
      d.x[i][j] = sum;
    }
}
}  // namespace wmma
}  // namespace nvcuda

static void enter() {
  body();
  fibers[current].done = true;
  swapcontext(&fibers[current].context, &scheduler);
}

static void place(int thread) {
  current = thread;
  threadIdx = {thread % blockDim.x, thread / blockDim.x % blockDim.y, thread / blockDim.x / blockDim.y};
}

static void start_block() {
  block_barrier = Barrier();
  warp_barriers.assign((threads + 31) / 32, Barrier());
  for (auto& fiber : fibers) {
    fiber.done = false;
    fiber.stack.resize(kStack);
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.data();
    fiber.context.uc_stack.ss_size = kStack;
    makecontext(&fiber.context, enter, 0);
  }
}

static void run_block() {
  start_block();
  for (int left = threads; left > 0;) {
    for (int thread = 0; thread < threads; ++thread) {
      if (fibers[thread].done) continue;
      place(thread);
      swapcontext(&scheduler, &fibers[thread].context);
      left -= fibers[thread].done;
    }
  }
}

static void launch(const int* grid, const int* block, std::function<void()> kernel) {
  blockDim = {block[0], block[1], block[2]};
  threads = block[0] * block[1] * block[2];
  fibers.resize(threads);
  slots.resize(threads);
  body = kernel;
  for (int z = 0; z < grid[2]; ++z)
    for (int y = 0; y < grid[1]; ++y)
      for (int x = 0; x < grid[0]; ++x) {
        blockIdx = {x, y, z};
        run_block();
      }
}
