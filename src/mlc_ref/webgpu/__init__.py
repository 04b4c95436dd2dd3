"""Kernels compiled to WGSL, as artefacts that a page runs on the reader's own GPU.

Reading order: ``limits``, ``artefact``, ``lowering``, ``compiling``, ``reference``; then ``value_ranges``, ``index_ranges`` and
``held_types``, which let programs with integer inputs through.
"""

from mlc_ref.webgpu.artefact import Artefact, from_json
from mlc_ref.webgpu.compiling import compile_kernels, export_webgpu, simulated, with_reference
from mlc_ref.webgpu.limits import Unsupported, webgpu_target

__all__ = [
    "Artefact", "Unsupported", "compile_kernels", "export_webgpu", "from_json", "simulated", "webgpu_target",
    "with_reference",
]  # fmt: skip
