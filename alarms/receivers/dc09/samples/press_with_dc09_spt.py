"""Presses with dc09_spt, a dialler of somebody else: HOST PORT tcp|udp ACCOUNT [KEY in hexadecimal digits].

Ends with 0 once a poll, a press in SIA and one in Contact ID are acknowledged; it goes on trying until they are.
"""

import sys
from typing import Any

from Crypto.Cipher import AES
from dc09_spt.dc09_spt import dc09_spt
from dc09_spt.msg import dc09_msg as messages


class TextCipher:
    """AES as the dialler expects it, from a library that took text for bytes."""

    MODE_CBC = AES.MODE_CBC

    def __init__(self, cipher: Any) -> None:
        self._cipher = cipher

    @classmethod
    def new(cls, key: bytes, mode: int, iv: str) -> "TextCipher":
        """A cipher with that key."""
        return cls(AES.new(key, mode, iv.encode()))

    def encrypt(self, text: str) -> bytes:
        """The text, encrypted."""
        return bytes(self._cipher.encrypt(text.encode()))

    def decrypt(self, data: bytes) -> bytes:
        """What was encrypted."""
        return bytes(self._cipher.decrypt(data))


def press(host: str, port: str, transport: str, account: str, key: str = "") -> bool:
    """Whether all was acknowledged."""
    sys.modules[messages.__module__].AES = TextCipher
    dialler = dc09_spt(account)
    secret = bytes.fromhex(key) or None
    dialler.set_path("main", "primary", host, int(port), account=account, type=transport, key=secret)
    path = dialler.tpaths["main"]["primary"]["path"]
    if not dialler.transfer_msg(0, "NULL", "]", path):
        return False
    dialler.send_msg("SIA-DCS", {"code": "QA", "zone": 13, "zonename": "kitchen"})
    dialler.send_msg("ADM-CID", {"code": "101", "q": 1, "zone": 7})
    dialler.send.join()
    return bool(dialler.notSent() == 0 and dialler.isConnected())


if __name__ == "__main__":
    sys.exit(0 if press(*sys.argv[1:]) else 1)
