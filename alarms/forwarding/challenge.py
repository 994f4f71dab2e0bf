"""Our credentials for a receiver that asks for a password (RFC 7616, qop=auth). Pure: the client's nonce is given."""

from collections.abc import Iterable
from dataclasses import replace

from alarms.receivers.scaip.digest import Algorithm, Credentials, expected, hashed_password, read_pairs


def credentials_for(
    challenges: Iterable[str], method: str, uri: str, user: str, password: str, cnonce: str
) -> str | None:
    """The value of Authorization for the best of these challenges; none where none is one we can answer."""
    known: dict[Algorithm, dict[str, str]] = {}
    for value in challenges:
        said = read_pairs(value)
        if said is None or not said.get("nonce") or "auth" not in _words(said.get("qop", "")):
            continue
        try:
            known.setdefault(Algorithm(said.get("algorithm", "MD5").upper()), said)
        except ValueError:
            continue
    best = next((algorithm for algorithm in Algorithm if algorithm in known), None)
    if best is None:
        return None
    said = known[best]
    realm = said.get("realm", "")
    one = Credentials(user, realm, said["nonce"], uri, "", best, cnonce, "00000001")
    one = replace(one, response=expected(one, method, hashed_password(best, user, password, realm)))
    quoted = {"username": user, "realm": realm, "nonce": one.nonce, "uri": uri, "response": one.response}
    words = [f"{name}={_quoted(value)}" for name, value in quoted.items()]
    words += [f"algorithm={best}", f"cnonce={_quoted(cnonce)}", "qop=auth", f"nc={one.count}"]
    if "opaque" in said:
        words.append(f"opaque={_quoted(said['opaque'])}")
    return "Digest " + ", ".join(words)


def _words(value: str) -> list[str]:
    return [word.strip().lower() for word in value.split(",")]


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
