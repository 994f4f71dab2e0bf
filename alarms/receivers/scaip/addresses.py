"""Where to listen, as the settings spell it: `udp:127.0.0.1:5060 tcp:[::1]:5060 tls:0.0.0.0:5061`. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_ENDPOINT = re.compile(r"([A-Za-z]+):(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]+):([0-9]{1,5})")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One address. Port 0 asks for any free one."""

    transport: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.transport}:{write_host(self.host)}:{self.port}"


def parse_listen(
    spec: str, protocol: str = "SCAIP", transports: Sequence[str] = ("udp", "tcp", "tls")
) -> tuple[Endpoint, ...]:
    """The addresses of a setting, in order. Raises `ValueError` with a sentence for whoever wrote it."""
    endpoints = []
    for word in spec.split():
        found = _ENDPOINT.fullmatch(word)
        if found is None or int(found[3]) > 65535:
            forms = _listed([f"{transport}:HOST:PORT" for transport in transports], "or")
            raise ValueError(f"{word} is no address to listen on; write {forms}.")
        transport = found[1].lower()
        if transport not in transports:
            heard = _listed(transports, "and")
            raise ValueError(f"{word} names the unknown scheme {transport}; {protocol} is heard on {heard}.")
        endpoints.append(Endpoint(transport, found[2].strip("[]"), int(found[3])))
    return tuple(endpoints)


def write_host(host: str) -> str:
    """A host as URIs and Via spell it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def _listed(words: Sequence[str], last: str) -> str:
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
