"""Celery is one more interface: each task calls one function."""

import logging

from config.celery import app
from partners import deliveries, jobs, verification
from partners import invitations as _invitations  # noqa: F401 - a handler that workers must know
from partners.api import idempotency

logger = logging.getLogger(__name__)


@app.task
def run_job(job_id: int) -> None:
    """Does one job. Acknowledged late (settings), so a worker that dies leaves the message to another."""
    jobs.run(job_id)


@app.task
def sweep() -> None:
    """Every minute: puts back what dead workers left."""
    jobs.sweep()


@app.task
def verify_audit() -> None:
    """Every night: the log says whether the audit trail is as it was written, and what its last event is."""
    try:
        logger.info("Audit trail: %s", verification.verify())
    except verification.Damaged as error:
        logger.critical("Audit trail: DAMAGED. %s", error)


@app.task
def forget_requests() -> None:
    """Every hour: removes the answers to writes that nobody may send again any more."""
    idempotency.sweep()


@app.task
def send_webhooks() -> None:
    """Every minute: sends the messages to other systems that are due."""
    deliveries.send_due()
