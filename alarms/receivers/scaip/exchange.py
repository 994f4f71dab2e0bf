"""The SIP side: each message that arrived is answered, passed on to `Hearing`, or matched to an answer of ours.

Rule: a bad message harms nobody but its sender: it is refused and counted, and the next one is read.
"""

import secrets

from alarms.receivers.scaip import sip
from alarms.receivers.scaip.flow import Flow, Way, way_back
from alarms.receivers.scaip.frame import Unframed
from alarms.receivers.scaip.hear import Hearing
from alarms.receivers.scaip.tell import CONTENT_TYPE, Teller
from alarms.receivers.scaip.transaction import Key, ServerTransactions, Source, server_key
from kit.clock import Clock
from kit.log import get_logger
from kit.metrics import counter
from kit.tasks import failures

log = get_logger(__name__)

_ALLOW = ("allow", "MESSAGE, OPTIONS")
_ACCEPT = ("accept", CONTENT_TYPE)
_MORE = {200: (), 405: (_ALLOW,), 415: (_ACCEPT,), 503: (("retry-after", "10"),)}

responses = counter("scaip_sip_responses_total", "SIP answers to devices, by status", ["status"])
dropped = counter("scaip_sip_dropped_total", "SIP messages that could not be answered", ["code"])


class Exchange:
    """All messages of one receiver, whichever flow they come by."""

    def __init__(self, clock: Clock, hearing: Hearing, teller: Teller) -> None:
        self._clock = clock
        self._hearing = hearing
        self._teller = teller
        self._transactions = ServerTransactions()

    def take(self, data: bytes, flow: Flow, source: Source) -> None:
        """Handle one whole message. Never raises: a bug of ours is logged and the receiver listens on."""
        try:
            self._take(data, flow, source)
        except sip.SipError as error:
            self._refuse(error, flow, source)
        except Exception:
            failures.labels(task="scaip_exchange").inc()
            log.exception("scaip_exchange_failed")

    def unframed(self, event: Unframed, flow: Flow, source: Source) -> None:
        """Answer what little can be read of a message that could not be cut from its stream."""
        try:
            head = sip.read_head(event.head)
        except sip.SipError as error:
            head = error.message or sip.Head("", ())
        self._refuse(sip.SipError(event.status, event.code, head), flow, source)

    def _take(self, data: bytes, flow: Flow, source: Source) -> None:
        request = sip.parse(data, stream=flow.reliable)
        if isinstance(request, sip.Response):
            self._teller.answered(request)
            return
        if request.method == "ACK":
            return  # of an INVITE that was refused; it is never answered
        key = server_key(request, source)
        way = way_back(flow, request, source)
        if echo := self._transactions.begin(key, self._clock.monotonic()):
            if echo.answer is not None:
                way.send(echo.answer)
            return
        answer = _Answer(self, key, request, way, source)
        try:
            self._dispatch(request, way, answer)
        except BaseException:
            self._transactions.abandon(key)
            raise

    def _dispatch(self, request: sip.Request, way: Way, answer: "_Answer") -> None:
        match request.method:
            case "MESSAGE" if _is_scaip(request):
                self._hearing.hear(request, way, answer.send)
            case "MESSAGE":
                answer.send(415)
            case "OPTIONS":
                answer.send(200, (_ALLOW, _ACCEPT))
            case "CANCEL":
                answer.send(481)
            case _:
                answer.send(405)

    def finish(self, key: Key, data: bytes | None, way: Way, *, keep: bool) -> None:
        """Send an answer and keep it for requests sent again; a challenge is not kept, who asks again gets another."""
        if data is None or not keep:
            self._transactions.abandon(key)
        else:
            self._transactions.answered(key, data, self._clock.monotonic())
        if data is not None:
            way.send(data)

    @staticmethod
    def _refuse(error: sip.SipError, flow: Flow, source: Source) -> None:
        head = error.message
        asks = head is not None and not head.start.upper().startswith(("SIP/", "ACK "))
        data = sip.respond(head, error.status, source, secrets.token_hex(6)) if head and asks else None
        if data is None:
            dropped.labels(code=error.code).inc()
            return
        responses.labels(status=error.status).inc()
        flow.send(data, source)


class _Answer:
    """The one answer to one request; whoever is first gives it."""

    def __init__(self, exchange: Exchange, key: Key, request: sip.Request, way: Way, source: Source) -> None:
        self._exchange: Exchange | None = exchange
        self._key = key
        self._request = request
        self._way = way
        self._source = source

    def send(self, status: int, more: sip.Headers = ()) -> None:
        exchange, self._exchange = self._exchange, None
        if exchange is None:
            return
        responses.labels(status=status).inc()
        headers = more or _MORE.get(status, ())
        data = sip.respond(self._request.head, status, self._source, secrets.token_hex(6), headers)
        exchange.finish(self._key, data, self._way, keep=status != 401)


def _is_scaip(request: sip.Request) -> bool:
    """Whether the body says it is SCAIP, or says nothing."""
    stated = request.head.first("content-type")
    return stated is None or stated.partition(";")[0].strip().lower() == CONTENT_TYPE
