"""Sending the messages of `partners.webhooks`: signed, over https, to public addresses only, and again where it fails.

Every attempt is counted before it is made, with the moment of the next one: a process that dies on the way leaves a
message that is sent again, with the same id, by which receivers know it. Nothing of an answer is read but its status.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

import orjson
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from standardwebhooks import Webhook as Signer

from partners import audit, webhooks
from partners.encryption import decrypt
from partners.models import Webhook, WebhookDelivery

logger = logging.getLogger(__name__)

# After the first, second, ... attempt that failed; after the last there is none.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 10, 60, 6 * 60, 24 * 60))
# Seconds, for the whole of one attempt.
TIMEOUT = 10.0
# Seconds after which an answer is slow.
SLOW = 2.0
# Networks that lead to others by the IPv4 address within: NAT64, 6to4.
_LEAD_ELSEWHERE = (ip_network("64:ff9b::/96"), ip_network("2002::/16"))
State = WebhookDelivery.State


class NotAllowed(ValueError):
    """An address to which nothing is sent, in a sentence."""


def check_address(url: str) -> str:
    """The numeric address that a URL's name stands for now. Raises NotAllowed, also where the name is not known.

    https only, and no address of private, loopback or link-local networks: a message must not reach what only this
    server can. WEBHOOKS_ANYWHERE lifts both.
    """
    parts = _split(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or _port(parts), type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise NotAllowed("No computer is known by the name in this address.") from None
    numeric = [str(one[4][0]) for one in found]
    if not settings.WEBHOOKS_ANYWHERE and not all(_is_public(ip_address(one)) for one in numeric):
        raise NotAllowed("This address lies in a private network. Give one that anybody on the internet can reach.")
    return numeric[0]


def send_due(*, seconds: float = 50.0) -> int:
    """Sends what is due, the longest overdue first, for at most so long; how many attempts it made.

    A webhook that failed or was slow is left alone until the next time, so that it does not hold up the others.
    """
    until, left_alone, made = time.monotonic() + seconds, set[int](), 0
    while (began := time.monotonic()) < until and (delivery := _claim(left_alone)) is not None:
        if delivery.state == State.WAITING:
            made += 1
            if not _attempt(delivery) or time.monotonic() - began > SLOW:
                left_alone.add(delivery.webhook_id)
    return made


@transaction.atomic
def _claim(but: Collection[int]) -> WebhookDelivery | None:
    """The next message to send, its attempt counted; or one that was given up just now. None = nothing is due."""
    now = timezone.now()
    due = WebhookDelivery.objects.select_for_update(of=["self"], skip_locked=True).filter(
        state=State.WAITING, next_attempt__lte=now
    )
    found = due.exclude(webhook__in=but).select_related("webhook__agency").order_by("next_attempt", "pk").first()
    if found is None:
        return None
    if reason := _why_not(found):
        _give_up(found, reason)
        return found
    found.attempts += 1
    # After the last attempt: when it is given up, should this process not live to tell how it went.
    found.next_attempt = now + (PAUSES[found.attempts - 1] if found.attempts <= len(PAUSES) else PAUSES[0])
    found.save(update_fields=["attempts", "next_attempt"])
    return found


def _why_not(delivery: WebhookDelivery) -> str:
    """Why a message is not sent any more; "" where it is."""
    webhook = delivery.webhook
    if webhook.ended_at or webhook.agency.left_at:
        return "The webhook has ended."
    if delivery.attempts > len(PAUSES):
        return "The last attempt was cut off."
    if not webhooks.may_know(webhook.agency, delivery.body):
        return "What it tells of is not shared with this agency any more."
    return ""


def _attempt(delivery: WebhookDelivery) -> bool:
    """Sends a message and writes down what became of it; whether it was delivered."""
    status, problem = _post(delivery)
    delivery.last_status, delivery.last_problem = status, problem
    if not problem:
        delivery.state, delivery.next_attempt, delivery.delivered = State.DELIVERED, None, timezone.now()
        delivery.save(update_fields=["state", "next_attempt", "delivered", "last_status", "last_problem"])
        return True
    logger.info("Webhook %s, message %s, attempt %s: %s", delivery.webhook_id, delivery.pk, delivery.attempts, problem)
    if status == 410:
        _end(delivery.webhook)
    if status == 410 or delivery.attempts > len(PAUSES):
        _give_up(delivery, problem)
    else:
        delivery.save(update_fields=["last_status", "last_problem"])
    return False


def _give_up(delivery: WebhookDelivery, problem: str) -> None:
    delivery.state, delivery.next_attempt, delivery.last_problem = State.DEAD, None, problem
    delivery.save(update_fields=["state", "next_attempt", "last_status", "last_problem"])


@transaction.atomic
def _end(webhook: Webhook) -> None:
    """The receiver says that it is gone for good."""
    webhook = Webhook.objects.select_for_update().get(pk=webhook.pk)
    if webhook.ended_at is None:
        before = audit.snapshot(webhook)
        webhook.ended_at = timezone.now()
        webhook.save(update_fields=["ended_at"])
        audit.changed(webhook, before, by=None, summary="The receiver answered that it is gone (410).")


def _post(delivery: WebhookDelivery) -> tuple[int | None, str]:
    """The status of the answer (None = there was none), and what is wrong in a sentence ("" = nothing)."""
    try:
        address = check_address(delivery.webhook.url)
        secret = decrypt(delivery.webhook.secret)
        status = _answer(delivery, address, secret)
    except ValueError as error:
        return None, str(error)
    except TimeoutError:
        return None, f"There was no answer within {TIMEOUT:.0f} seconds."
    except ssl.SSLCertVerificationError:
        return None, "The certificate of the receiver is not valid for this address."
    except (OSError, HTTPException):
        return None, f"The receiver cannot be reached, or gave no answer within {TIMEOUT:.0f} seconds."
    if 200 <= status < 300:
        return status, ""
    if 300 <= status < 400:
        return status, f"The receiver answered {status}: it leads elsewhere, where messages do not follow."
    return status, f"The receiver answered {status}."


def _answer(delivery: WebhookDelivery, address: str, secret: str) -> int:
    """Posts a message to the very address that was checked; the status of the answer."""
    parts, now, body = _split(delivery.webhook.url), datetime.now(UTC), orjson.dumps(delivery.body)
    headers = {
        "Host": parts.netloc,
        "Content-Type": "application/json",
        "User-Agent": "Hotspot tracker",
        "webhook-id": str(delivery.message_id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Signer(secret).sign(str(delivery.message_id), now, body.decode()),
    }
    connected = socket.create_connection((address, parts.port or _port(parts)), TIMEOUT)
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connected = context.wrap_socket(connected, server_hostname=parts.hostname, do_handshake_on_connect=False)
    # The timeout of a socket is one of each byte.
    late = threading.Timer(TIMEOUT, _shut, [connected])
    late.start()
    try:
        if isinstance(connected, ssl.SSLSocket):
            connected.do_handshake()
        over = HTTPConnection(parts.hostname or "")
        over.sock = connected
        over.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
        return over.getresponse().status
    finally:
        late.cancel()
        connected.close()


def _shut(connected: socket.socket) -> None:
    with suppress(OSError):
        # Past what TLS would do first.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _split(url: str) -> SplitResult:
    """Raises NotAllowed for what is no address of a webhook."""
    try:
        parts = urlsplit(url)
        usable = parts.hostname and "@" not in parts.netloc and not parts.fragment and parts.port != 0
    except ValueError:
        usable = None
    if not usable or not url.isascii() or not url.isprintable() or " " in url:
        raise NotAllowed("Give a whole address, such as https://example.org/told, without a name or password in it.")
    if parts.scheme not in ("https", *(["http"] if settings.WEBHOOKS_ANYWHERE else [])):
        raise NotAllowed("The address must begin with https://.")
    return parts


def _port(parts: SplitResult) -> int:
    return 443 if parts.scheme == "https" else 80


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    if inner is not None:
        return _is_public(inner)
    if address.is_multicast or address.is_reserved or any(address in one for one in _LEAD_ELSEWHERE):
        return False
    return address.is_global and not (isinstance(address, IPv6Address) and address.is_site_local)
