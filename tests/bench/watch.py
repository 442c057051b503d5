"""What a program takes from its start to its end. `python -I -S tests/bench/watch.py PROGRAM ARGUMENT …`.

Prints JSON: `time`, seconds by the clock; `CPU`, seconds of the processor; `memory`, the most that one process had, in
MB. Processes that the program started count too. What it prints is dropped, its complaints and its exit code are handed
on. This is a process of its own, and a small one, because `ru_maxrss` counts what the process had that started the
program (getrusage(2) on Linux: kept across execve).
"""

from __future__ import annotations

import ctypes
import json
import os
import sys
import time

_SET_CHILD_SUBREAPER = 36
"""From linux/prctl.h."""


def main(command: list[str]) -> int:
    """As the line at the top says."""
    if sys.platform == "linux":
        # A process whose parent was killed becomes ours, or nobody would know what it took.
        ctypes.CDLL(None).prctl(_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    begin = time.perf_counter()
    program = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    status, end, processor, memory = 0, begin, 0.0, 0
    while True:
        try:
            ended, how, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if ended == program:
            status, end = how, time.perf_counter()
        processor, memory = processor + used.ru_utime + used.ru_stime, max(memory, used.ru_maxrss)
    megabytes = memory / (2**20 if sys.platform == "darwin" else 2**10)
    sys.stdout.write(json.dumps({"time": end - begin, "CPU": processor, "memory": megabytes}))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
