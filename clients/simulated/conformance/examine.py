"""A whole run against a receiver: every check in its order, and what came of it."""

from collections.abc import Callable

from clients.simulated.conformance.check import Check
from clients.simulated.conformance.checks_answer import ANSWERING, stored
from clients.simulated.conformance.checks_line import LINE
from clients.simulated.conformance.checks_password import PASSWORD
from clients.simulated.conformance.checks_said import SAID
from clients.simulated.conformance.checks_wrong import WRONG
from clients.simulated.conformance.device import NOTHING, Device, Target
from clients.simulated.conformance.report import Broken, Finding, NotTried, Report, Verdict
from clients.simulated.scaip import STORED, written_host
from kit.clock import Clock

CHECKS = (*ANSWERING, *SAID, *LINE, *WRONG, *PASSWORD)
GONE_AFTER = 3  # checks without any answer
_ABOUT_THE_FIRST = {check.name for check in ANSWERING[:6]}  # these say what an answer lacked


async def examine(target: Target, clock: Clock, tell: Callable[[str], None] = lambda name: None) -> Report:
    """Play a device against the receiver. `tell` hears each check's name as it begins."""
    device = Device(target, clock)
    findings: list[Finding] = []
    for check in CHECKS:
        tell(check.name)
        if _gone(findings):
            findings.append(Finding(check.name, check.fact, Verdict.NOT_TRIED, "it has stopped answering"))
        else:
            findings.append(await _tried(check, device))
    remarks: tuple[str, ...] = ()
    if device.raised:
        remarks = (f"Each of these references should stand at the receiver once: {' '.join(device.raised)}.",)
    peer = f"{target.transport}:{written_host(target.there[0])}:{target.there[1]}"
    return Report("device", peer, tuple(findings), remarks)


def _gone(findings: list[Finding]) -> bool:
    """Whether nothing has come for some checks in a row: each would cost a device's whole patience, and say no more."""
    tried = [finding for finding in findings if finding.verdict is not Verdict.NOT_TRIED]
    last = tried[-GONE_AFTER:]
    return len(last) == GONE_AFTER and all(finding.seen.endswith(NOTHING) for finding in last)


async def _tried(check: Check, device: Device) -> Finding:
    try:
        if check.wrong and device.target.well_formed:
            raise NotTried("only what is right is sent, as asked for")
        if check.name not in _ABOUT_THE_FIRST and (device.first is None or device.first.snu != STORED):
            raise NotTried("an ordinary alarm is not stored")
        return Finding(check.name, check.fact, Verdict.HELD, await check.run(device))
    except NotTried as why:
        verdict = Verdict.BROKEN if check.run is stored else Verdict.NOT_TRIED
        return Finding(check.name, check.fact, verdict, str(why))
    except Broken as seen:
        return Finding(check.name, check.fact, Verdict.BROKEN, str(seen))
