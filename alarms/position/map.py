"""Which server the map's pictures come from: one setting, of which pages and their security policy are told."""

from urllib.parse import urlsplit

from kit.wire.position import MapSource

PLACES = ("{z}", "{x}", "{y}")


def map_source(tiles: str, attribution: str) -> MapSource | None:
    """The source as it is set, none where no map is; raises ValueError with a sentence for one that is none."""
    if not tiles:
        return None
    parts = urlsplit(tiles)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not all(place in tiles for place in PLACES):
        raise ValueError("NATTLJUS_MAP_TILES is no address of map pictures such as https://host/{z}/{x}/{y}.png.")
    if not set(f"{parts.hostname}{parts.port or ''}") <= _HOST or parts.username is not None:
        raise ValueError("NATTLJUS_MAP_TILES names no plain host.")
    return MapSource(tiles=tiles, attribution=attribution)


def map_host(source: MapSource | None) -> str | None:
    """Scheme, host and port, as a Content-Security-Policy names them."""
    if source is None:
        return None
    parts = urlsplit(source.tiles)
    return f"{parts.scheme}://{parts.netloc}"


_HOST = frozenset("abcdefghijklmnopqrstuvwxyz0123456789.-")
