"""What runs beside the platform as a process of its own: what it is started with, and how it is ended."""

import asyncio
import os
from pathlib import Path

ROOT = Path(__file__).parent.parent


def environment(**settings: str) -> dict[str, str]:
    """Our own environment with these settings, and our code where the process finds it."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, **settings, "PYTHONPATH": path}


async def ended(process: asyncio.subprocess.Process | None, within: float) -> None:
    """Wait that many seconds for a process that has been told to end, then kill it."""
    if process is None or process.returncode is not None:
        return
    try:
        async with asyncio.timeout(within):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
