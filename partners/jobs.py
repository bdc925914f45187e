"""Background work: the Job row is the truth, a queue message carries only its id.

    @jobs.handler("import")
    def import_files(progress: jobs.Progress, *, paths: list[str]) -> str: ...

    jobs.enqueue("import", title="...", arguments={"paths": [...]}, unique_key="import:<sha256>", by=user)

A handler must be idempotent: after a crash it is run again from the start. It returns the closing sentence; raising
`JobFailed` ends the job with that sentence, any other exception with a plain one (the traceback goes to the server's log).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from partners.models import Job, User

Handler = Callable[..., str]
HANDLERS: dict[str, Handler] = {}


class JobFailed(Exception):
    """The work cannot be done. The message is a sentence for the person who asked."""


class Progress:
    """What a handler tells the Job row. Cheap to call often: at most two writes a second reach the database."""

    def __init__(self, job: Job | None) -> None:
        self.job = job

    def stage(self, text: str, total: int | None = None) -> None:
        """Begins a stage; `total` units of work, None while unknown. Sets `done` back to 0."""

    def advance(self, done: int = 1, rows: int = 0) -> None:
        """Adds to what is done in this stage, and to the rows read in all."""

    def log(self, line: str) -> None:
        """Adds a line, with the time, to the log that people read."""


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Registers the function that does jobs of a kind."""

    def register(function: Handler) -> Handler:
        HANDLERS[kind] = function
        return function

    return register


def enqueue(kind: str, *, title: str, arguments: dict[str, Any], unique_key: str, by: User | None) -> Job:
    """The live job with this key, made and sent to the workers if there is none. Sends on commit."""
    raise NotImplementedError
