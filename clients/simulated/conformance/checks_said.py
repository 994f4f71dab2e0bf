"""What a receiver must do with devices that say things rightly (`SAID`).

A check returns what it saw, or raises Broken or NotTried. Facts: alarm-protocols.md §1, and the RFCs.
"""

from clients.simulated.conformance import body as bodies
from clients.simulated.conformance.check import Check, expect
from clients.simulated.conformance.device import Device
from clients.simulated.conformance.report import Broken, NotTried
from clients.simulated.scaip import STORED


async def _padding(device: Device) -> str:
    for dty, stc in (("3", "102"), ("03", "0102"), ("0003", "102")):
        expect(await device.say(device.elements(dty=dty, stc=stc)), STORED, f"dty {dty}, stc {stc}")
    return "snu 0 for 3, 03 and 0003"


async def _any_order(device: Device) -> str:
    return expect(await device.say(dict(reversed(device.elements().items()))), STORED).seen


async def _unknown_element(device: Device) -> str:
    return expect(await device.say(device.elements(xyz="1")), STORED).seen


async def _trimmed(device: Device) -> str:
    elements = {name: value if name == "ref" else f" {value}\n" for name, value in device.elements().items()}
    return expect(await device.say(elements), STORED).seen


async def _no_type(device: Device) -> str:
    elements = device.elements()
    del elements["mty"]
    return expect(await device.say(elements), STORED).seen


async def _every_element(device: Device) -> str:
    elements = device.elements(
        ver="01.00", sco="0", cha="0", hbo="0", did="0001", dco="2", crd="sip:", pri="0", lco="2", lva="1",
        lte="TEST", lge="<geo>57.70887,11.97456</geo><tim>2026-01-15T03:10:00+01:00</tim>", ico="0", ite="TEST",
        ame="0", mreq="4",
    )  # fmt: skip
    return expect(await device.say(elements), STORED).seen


async def _heartbeat(device: Device) -> str:
    return expect(await device.say(device.elements(mty="PI", dty="2")), STORED).seen


async def _reset(device: Device) -> str:
    return expect(await device.say(device.elements(mty="RE", stc="93")), STORED).seen


async def _information(device: Device) -> str:
    return expect(await device.say(device.elements(mty="IN", stc="70", ite="TEST")), STORED).seen


async def _unknown_code(device: Device) -> str:
    return expect(await device.say(device.elements(stc="999")), STORED).seen


async def _options(device: Device) -> str:
    async with device.line() as line:
        envelope = device.envelope(line, method="OPTIONS")
        asked = await device.send(line, envelope, envelope.around(b""), "")
        if asked.status != 200:
            raise Broken(asked.seen if asked.status is None else f"SIP {asked.status}")
    return "200"


async def _stranger(device: Device) -> str:
    account = device.target.stranger
    async with device.line() as line:
        try:
            asked = await device.ask(line, device.elements(cid=account), account=account)
        except NotTried:
            return "SIP 401: it asks an account that is nobody's for its password"
        if asked.status in {401, 403, 404}:
            return f"SIP {asked.status}"
        return expect(asked, bodies.NOT_TREATED, f"account {account}").seen


_FORM = "SCAIP Request: any element order; trim every value; zero padding varies"
SAID = (
    Check("A heartbeat is stored", "SCAIP Classifying: PI is a heartbeat whatever its stc says", _heartbeat),
    Check("Codes are read with any padding", _FORM, _padding),
    Check("Elements come in any order", _FORM, _any_order),
    Check("Values are trimmed", _FORM, _trimmed),
    Check("Unknown elements are ignored", "SCAIP Request: unknown elements are kept and ignored", _unknown_element),
    Check("mty may be missing", "SCAIP Request: mty is ME where it is missing", _no_type),
    Check("Every element of the table is taken", "SCAIP Request mrq", _every_element),
    Check("A reset is taken", "SCAIP Classifying: RE withdraws", _reset),
    Check("Information is taken", "SCAIP Classifying: IN updates", _information),
    Check("An unknown code is an alarm", "SCAIP Classifying: an unknown code in an ME is an alarm for a human",
          _unknown_code),
    Check("OPTIONS is answered", "SCAIP Transport: OPTIONS pings must be answered 200", _options),
    Check("An unknown account is not treated", "SCAIP Answer: snu 5, the device tries its next receiver", _stranger),
)  # fmt: skip
