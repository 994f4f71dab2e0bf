"""Where to listen, as the settings spell it: `udp:127.0.0.1:5060 tcp:[::1]:5060 tls:0.0.0.0:5061`. Pure."""

import re
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


def parse_listen(spec: str) -> tuple[Endpoint, ...]:
    """The addresses of a setting, in order. Raises `ValueError` with a sentence for whoever wrote it."""
    endpoints = []
    for word in spec.split():
        found = _ENDPOINT.fullmatch(word)
        if found is None or int(found[3]) > 65535:
            raise ValueError(f"{word} is no address to listen on; write udp:HOST:PORT, tcp:HOST:PORT or tls:HOST:PORT.")
        transport = found[1].lower()
        if transport not in {"udp", "tcp", "tls"}:
            raise ValueError(f"{word} names the unknown scheme {transport}; SCAIP is heard on udp, tcp and tls.")
        endpoints.append(Endpoint(transport, found[2].strip("[]"), int(found[3])))
    return tuple(endpoints)


def write_host(host: str) -> str:
    """A host as URIs and Via spell it: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host
