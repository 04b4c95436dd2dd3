"""The student's kernel: Jupyter's own, started in a box by a kernel provisioner."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import Any as AnyTrait

from mlc_course.grading.sandbox.bubblewrap import HOME, Box, Limits, Share, remove, variables
from mlc_course.grading.sandbox.resource_watchdog import Watch
from mlc_course.grading.sandbox.temporary_folders import make_folder
from mlc_course.grading.workers.kernel_forker import KernelForker, NotForked

PROVISIONER = "mlc-box"  # the name of the entry point in pyproject.toml
STARTING = 60  # seconds added to a box's time
MAX_SOCKETS_FOLDER = 4 * 2**20


class BoxProvisioner(LocalProvisioner):
    """Starts a kernel in a box of its own, reached over unix sockets in a folder that only the two share."""

    limits = AnyTrait(Limits())

    async def pre_launch(self, **options: Any) -> dict[str, Any]:
        manager: Any = self.parent
        manager.boxes.append(self)
        # How long its notebook may take is counted outside, cell by cell.
        seconds = manager.seconds + STARTING
        self.limits = replace(self.limits, wall=seconds, cpu=seconds)
        self._folder = make_folder()
        manager.transport = "ipc"  # unix sockets cross the border of the network namespace
        manager.connection_file = str(self._folder / "kernel.json")
        manager.ip = str(self._folder / "s")
        data = _data_files(options.get("cwd"), self._folder)
        options = await super().pre_launch(**options)
        box = Box(self.limits, Share(writable=(str(self._folder),), data=str(data)))
        box.own(self._folder)
        for path in (data, *data.rglob("*"), Path(manager.connection_file)):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if os.geteuid() == 0:
                os.chown(path, box.user, box.user)
        self._box, self._environment = box, _passed_on(options.get("env") or {})
        self._before = ["sh", "-c", f'cp -R "{data}/." {HOME}/work && exec "$@"', "sh"]
        options["cwd"] = "/"
        # Whatever is written past Jupyter would reach the instructor's terminal, control sequences included.
        options["stdout"] = options["stderr"] = subprocess.DEVNULL
        return options

    async def launch_kernel(self, cmd: list[str], **options: Any) -> KernelConnectionInfo:
        manager: Any = self.parent
        kernels: KernelForker | None = manager.kernels
        # Not in another thread: what it starts ends with the thread that started it.
        if kernels is not None and kernels.usable():
            order = {"arguments": cmd[cmd.index("-f") - 1 :], "environment": variables(self._environment)}
            with contextlib.suppress(NotForked):
                self.process = kernels.fork(self._box, self._before, order)
                self.pid = self.pgid = self.process.pid
                return self.connection_info
        return await super().launch_kernel(self._box.command([*self._before, *cmd], self._environment), **options)

    async def post_launch(self, **options: Any) -> None:
        await super().post_launch(**options)
        assert self.process is not None, "the kernel was launched"
        processes = [self.process.pid, getattr(self.process, "kernel", self.process.pid)]
        self._watch = Watch(processes, self.limits.resident, self._folder, MAX_SOCKETS_FOLDER)

    async def wait(self) -> int | None:
        """As Jupyter's, without its tenth of a second between looks."""
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.005)
        return await super().wait()

    async def cleanup(self, restart: bool = False) -> None:
        await super().cleanup(restart=restart)
        watch = getattr(self, "_watch", None)
        if watch:
            watch.stop()
        remove(self._folder)


class BoxKernelManager(AsyncKernelManager):
    """Manages one boxed kernel; no kernel specification has to be installed.

    Attributes:
        kernels: forks kernels from a process that has loaded everything; ``None`` starts them from nothing.
        seconds: until a kernel is ended, whatever it does.
    """

    kernels: KernelForker | None = None
    seconds: int = Limits().wall

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.boxes: list[BoxProvisioner] = []

    async def leave_nothing(self) -> None:
        """End what is left of a kernel, also of one that ended by itself, which Jupyter forgets."""
        for box in self.boxes:
            await box.kill()
            await box.cleanup()

    @property
    def kernel_spec(self) -> KernelSpec:
        return KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 in a box",
            language="python",
            interrupt_mode="message",
            metadata={"kernel_provisioner": {"provisioner_name": PROVISIONER}},
        )

    def _connect_control_socket(self) -> None:
        """Nothing is asked of a kernel here but to end, and it is ended by a signal from outside its box.

        A socket that is connected and not read would collect what a hostile kernel sends to it.
        """

    async def _async_interrupt_kernel(self) -> None:
        """Not before it is ended, either."""

    interrupt_kernel = _async_interrupt_kernel


def _data_files(source: str | None, folder: Path) -> Path:
    """Copy the assignment's data files: no notebooks, no code, no links, nothing hidden."""
    data = folder / "data"
    data.mkdir()
    for path in sorted(Path(source).iterdir()) if source else []:
        if path.suffix in (".csv", ".json", ".npy", ".npz", ".txt") and path.is_file() and not path.is_symlink():
            shutil.copy(path, data / path.name)
    return data


def _passed_on(environment: dict[str, str]) -> dict[str, str]:
    wanted = {k: v for k, v in environment.items() if k in ("NBGRADER_EXECUTION", "MLC_LANG")}
    return {"MLC_BOX": "1", "IPYTHONDIR": f"{HOME}/.ipython", "JUPYTER_PLATFORM_DIRS": "1", **wanted}
