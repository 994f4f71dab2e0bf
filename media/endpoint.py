"""Where the relay listens and what it announces, read from the settings."""

from ipaddress import ip_address


def listening(text: str) -> tuple[str, int]:
    """Host and port of `udp:HOST:PORT`. Raises ValueError with a sentence."""
    scheme, _, rest = text.strip().partition(":")
    host, _, port = rest.rpartition(":")
    host = host.strip("[]")
    if scheme != "udp" or not port.isdecimal() or int(port) > 65535:
        raise ValueError(f"NATTLJUS_MEDIA_LISTEN is one udp:ADDRESS:PORT, such as udp:0.0.0.0:40000, not {text!r}.")
    return _address(host, "NATTLJUS_MEDIA_LISTEN"), int(port)


def reached(announce: str, host: str, port: int) -> list[tuple[str, int]]:
    """Where browsers find the relay: each announced address, else the one it listens on. Raises ValueError.

    An announced address may have a port of its own (`ADDRESS:PORT`, `[ADDRESS]:PORT`), where a router maps it.
    """
    if not announce.split():
        if ip_address(host).is_unspecified:
            raise ValueError("The relay listens on all addresses: say in NATTLJUS_MEDIA_ANNOUNCE where it is reached.")
        return [(host, port)]
    return [_announced(one, port) for one in announce.split()]


def _announced(text: str, port: int) -> tuple[str, int]:
    head, colon, tail = text.rpartition(":")
    if colon and tail.isdecimal() and (head.endswith("]") or ":" not in head):
        return _address(head.strip("[]"), "NATTLJUS_MEDIA_ANNOUNCE"), int(tail)
    return _address(text.strip("[]"), "NATTLJUS_MEDIA_ANNOUNCE"), port


def _address(text: str, setting: str) -> str:
    try:
        return str(ip_address(text))
    except ValueError as error:
        raise ValueError(f"{setting} takes IP addresses, and {text!r} is none.") from error
