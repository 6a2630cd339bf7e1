"""What it was measured on."""

import datetime
import os
import platform


def _first(path, key):
    try:
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith(key):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return "unknown"


def mount_of(path):
    """(device, file system) that a path lies on."""
    path, best = os.path.realpath(path), ("", "unknown", "unknown")
    with open("/proc/mounts", encoding="utf-8") as file:
        for line in file:
            device, point, kind = line.split()[:3]
            inside = path == point or path.startswith(point.rstrip("/") + "/")
            if inside and len(point) >= len(best[0]):
                best = (point, device, kind)
    return best[1], best[2]


def describe(directory):
    """Facts for the report's head; all text."""
    device, kind = mount_of(directory)
    load = os.getloadavg()
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _first("/proc/cpuinfo", "model name"),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{int(_first('/proc/meminfo', 'MemTotal').split()[0]) / 1048576:.1f} GiB",
        "kernel": platform.release(),
        "load before": f"{load[0]:.1f} (1 min), {load[1]:.1f} (5 min)",
        "data directories": f"{kind} on {device}",
    }


def resident_bytes(pid):
    """Bytes of memory that a process holds (VmRSS)."""
    return int(_first(f"/proc/{pid}/status", "VmRSS").split()[0]) * 1024
