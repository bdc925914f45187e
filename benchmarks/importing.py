"""One import in a process of its own: `python -m benchmarks.importing PATH...` prints seconds and peak memory."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import django


def main(paths: list[str]) -> None:
    django.setup()
    from hotspots.importers import pipeline
    from partners.jobs import Progress
    from reports import summaries

    start = time.perf_counter()
    run = pipeline.run(
        [Path(path) for path in paths],
        title="benchmark",
        by=None,
        progress=Progress(None),
        summarise=summaries.recompute,
        areas_changed=summaries.rebuild,
    )
    seconds = time.perf_counter() - start
    refused = [f"{file.name}: {file.message}" for file in run.files.filter(state="refused")]
    if refused:
        sys.exit("\n".join(refused))
    # Not getrusage: its peak includes that of the process which started this one.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    megabytes = int(status["VmHWM"].removesuffix("kB")) / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes}))


if __name__ == "__main__":
    main(sys.argv[1:])
