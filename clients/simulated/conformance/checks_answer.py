"""How a receiver must answer: the 200, the answer of its own, and both again (`ANSWERING`).

A check returns what it saw, or raises Broken or NotTried. Facts: alarm-protocols.md §1, and the RFCs.
"""

from itertools import pairwise

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance.check import Check, expect
from clients.simulated.conformance.device import Asked, Device
from clients.simulated.conformance.line import Heard
from clients.simulated.conformance.message import Message, read
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import STORED, T1, T2

PAUSES = (T1, 2 * T1, 4 * T1, T2)  # seconds between the sendings of an answer that is not confirmed
DATAGRAM = 1300  # bytes


def _first(device: Device) -> Asked:
    """The press that all else builds on. Raises NotTried where there was none."""
    if device.first is None:
        raise NotTried("no press was answered")
    return device.first


async def stored(device: Device) -> str:
    """The press that all else builds on."""
    device.first = await device.say(device.elements(stc="10"))
    expect(device.first, STORED)
    return device.first.seen


async def _empty_200(device: Device) -> str:
    response = _first(device).response
    if response is None:
        raise Broken("no SIP answer came")
    message = response.message
    if message.status != 200:
        raise Broken(f"SIP {message.status}")
    if message.body:
        raise Broken(f"the 200 has a body of {len(message.body)} bytes")
    return "200, empty"


async def _echoes(device: Device) -> str:
    asked = _first(device)
    if asked.response is None:
        raise NotTried("no SIP answer came")
    request, answer = _request(asked), asked.response.message
    for name in ("from", "call-id", "cseq"):
        if answer.first(name) != request.first(name):
            raise Broken(f"{name} is not the request's")
    if "tag=" not in answer.first("to"):
        raise Broken("To has no tag")
    return "From, Call-ID, CSeq and Via as in the request; To with a tag"


async def _symmetric(device: Device) -> str:
    asked = _first(device)
    if asked.response is None:
        raise NotTried("no SIP answer came")
    via = asked.response.message.first("via")
    if f"rport={asked.envelope.here[1]}" not in via or "received=" not in via:
        raise Broken(f"Via came back as {via[:80]}")
    return "received and rport filled in"


async def _own_message(device: Device) -> str:
    asked = _first(device)
    if asked.answer is None:
        raise Broken("no MESSAGE with mrs came on the flow of the request")
    message = asked.answer.message
    if message.first("call-id") == _request(asked).first("call-id"):
        raise Broken("it has the Call-ID of the request")
    if message.branch == asked.envelope.branch:
        raise Broken("it has the branch of the request")
    return "new Call-ID and branch, same flow, same ref"


async def _own_form(device: Device) -> str:
    asked = _first(device)
    if asked.answer is None:
        raise NotTried("no mrs came")
    message = asked.answer.message
    if faults := list(answer_faults(message, asked.envelope.transport)):
        raise Broken("; ".join(faults))
    return f"{len(message.data)} bytes, as RFC 3261 and the table of mrs"


def answer_faults(message: Message, transport: str) -> list[str]:
    """What is wrong with a receiver's MESSAGE."""
    faults = [f"no {name}" for name in ("via", "from", "to", "call-id", "max-forwards") if not message.first(name)]
    if not message.branch.startswith("z9hG4bK"):
        faults.append("the branch does not begin with z9hG4bK")
    if not message.first("cseq").endswith(" MESSAGE"):
        faults.append("CSeq is not of a MESSAGE")
    if "tag=" not in message.first("from"):
        faults.append("From has no tag")
    if not message.first("content-type").lower().startswith("application/scaip+xml"):
        faults.append(f"Content-Type {message.first('content-type')[:40] or 'is missing'}")
    if message.first("content-length") != str(len(message.body)):
        faults.append("Content-Length is not the body's")
    if transport == "UDP" and len(message.data) > DATAGRAM:
        faults.append(f"{len(message.data)} bytes, over {DATAGRAM} on UDP")
    answer = bodies.read(message.body, "mrs", bodies.ANSWER)
    if answer.unreadable:
        faults.append(answer.unreadable)
    faults += [f"{name} {fault}" for name, fault in answer.faults.items()]
    if answer.first("cre").lstrip("0") == "62" and not answer.first("tnu"):
        faults.append("cre 62 without tnu")
    return faults


def _request(asked: Asked) -> Message:
    """The request, read back."""
    return read(asked.data)


async def _sent_again(device: Device) -> str:
    """Stay silent until the answer has come five times; then confirm it."""
    if device.target.transport != "udp":
        raise NotTried("a connection loses nothing; try --transport udp")
    async with device.line() as line:
        line.confirming = False
        asked = expect(await device.ask(line, device.elements()), STORED)
        assert asked.answer is not None
        call = asked.answer.message.first("call-id")

        def copies() -> list[Heard]:
            return [heard for heard in line.heard if heard.message.first("call-id") == call]

        async def came(least: int, patience: float) -> bool:
            return await line.wait(lambda _: len(copies()) >= least, patience) is not None

        for sending, pause in enumerate(PAUSES, start=2):
            if not await came(sending, 2 * pause + device.target.patience / 2):
                break
        for heard in line.heard:
            if _is_message(heard):
                line.confirm(heard.message)
        times = [heard.at for heard in copies()]
        gaps = ", ".join(f"{after - before:.1f}" for before, after in pairwise(times))
        if len(times) <= len(PAUSES):
            raise Broken(f"it came {len(times)} times{f', after {gaps} s' if gaps else ' and never again'}")
        whole = times[len(PAUSES)] - times[0]
        if not 0.6 * sum(PAUSES) < whole < 2 * sum(PAUSES):
            raise Broken(f"four repeats within {whole:.1f} s, after {gaps} s")
        return f"again after {gaps} s"


async def _confirmed_once(device: Device) -> str:
    async with device.line() as line:
        asked = expect(await device.ask(line, device.elements()), STORED)
        assert asked.answer is not None
        await device.clock.sleep(T1)
        since = len(line.heard)
        again = await line.wait(_is_message, 3 * T1, since)
        # One copy may have crossed our 200; it is confirmed too, and no other must come.
        if again and await line.wait(lambda heard: heard is not again and _is_message(heard), 2 * T2, since):
            raise Broken("it was told again though it was confirmed")
    return "not told again"


def _is_message(heard: Heard) -> bool:
    return heard.message.method == "MESSAGE"


async def _same_branch(device: Device) -> str:
    """The very same bytes again: a 200 was lost."""
    async with device.line() as line:
        asked = expect(await device.ask(line, device.elements()), STORED)
        assert asked.answer is not None
        if asked.response is None:
            raise Broken(asked.seen)
        told = asked.answer.message.first("call-id")
        since = len(line.heard)
        line.send(asked.data)
        again = await line.wait(
            lambda heard: heard.message.branch == asked.envelope.branch, device.target.patience, since
        )
        if again is None:
            raise Broken("no answer to the second")
        if again.message.status != asked.status or again.message.first("to") != asked.response.message.first("to"):
            raise Broken(f"first {asked.status}, then {again.message.status}, or another tag in To")
        await device.clock.sleep(T1)
        if any(_is_message(heard) and heard.message.first("call-id") != told for heard in line.heard[since:]):
            raise Broken("it was taken for a second alarm and told again in a new Call-ID")
    return "the same answer, and told once"


async def _same_ref(device: Device) -> str:
    elements = device.elements()
    async with device.line() as line:
        expect(await device.ask(line, elements), STORED)
        return expect(await device.ask(line, elements), STORED, "the second time").seen


_TOLD = "SCAIP Transport: mrs goes in a new MESSAGE, new Call-ID, on the same connection, matched by ref"
ANSWERING = (
    Check("An alarm is stored", "SCAIP Answer: snu 0 OK, once it is durably stored", stored),
    Check("The 200 is empty", "SCAIP Transport: 200 with an empty body promises nothing; RFC 3428 §7", _empty_200),
    Check("The 200 echoes its request", "RFC 3261 §8.2.6.2", _echoes),
    Check("The 200 says where the request came from", "RFC 3581 §4; RFC 3261 §18.2.1", _symmetric),
    Check("The answer is a MESSAGE of its own", _TOLD, _own_message),
    Check("The answer has its form", "SCAIP Answer mrs; RFC 3261 §8.1.1", _own_form),
    Check("A confirmed answer is not sent again", "RFC 3261 §17.1.2: a final answer ends it", _confirmed_once),
    Check("An answer is sent again until it is confirmed", f"RFC 3261 §17.1.2.2: {T1} s doubling to {T2:.0f} s",
          _sent_again),
    Check("The same request again is the same request", "RFC 3261 §17.2.2, §17.2.3: same branch, same answer",
          _same_branch),
    Check("The same ref in a new request is told again", "SCAIP Transport: the same ref is answered with the same mrs",
          _same_ref, wrong=True),
)  # fmt: skip
