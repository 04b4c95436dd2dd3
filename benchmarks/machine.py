"""What was measured on: processor, caches, versions."""

import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path


def describe() -> dict:
    """The machine and the versions, for the head of a results file."""
    from mlc_ref.schedules.tiles import cpu_caches
    from mlc_ref.targets import cpu_features

    features, caches = cpu_features(), cpu_caches()
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "vector_bits": features.vector_bits,
        "vector_registers": features.vector_registers,
        "l1_bytes": caches.l1,
        "l2_bytes": caches.l2,
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in ("apache-tvm", "torch", "numpy")},
        "date": date.today().isoformat(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    facts = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines[:28])}
    return f"{facts.get('model name', platform.processor())} (family {facts.get('cpu family', '?')}, model {facts.get('model', '?')})"
