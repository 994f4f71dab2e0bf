"""Certificates for tests: self-signed and each good for itself alone, or by an authority that a broker can ask for."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=365 * 50)
HERE = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])

Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Certified:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path
    fingerprint: str


def certify(folder: Path, name: str) -> Certified:
    """A fresh certificate for this machine, called `name` and signed by itself."""
    key = _fresh_key()
    return _written(folder, name, key, _builder(_called(name), name, key).add_extension(HERE, critical=False), key)


class Authority:
    """Signs for whom it is told to, into PEM files of a folder: `ca.pem`, and `NAME.pem` with `NAME.key`."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._folder = folder
        self._key = _fresh_key()
        self._name = _called(name)
        self.pem = folder / f"{name}.pem"
        made = _builder(self._name, name, self._key).add_extension(x509.BasicConstraints(True, 0), critical=True)
        self.pem.write_bytes(made.sign(self._key, SHA256()).public_bytes(Encoding.PEM))

    def certify(self, name: str) -> tuple[Path, Path]:
        """A certificate called that, good for this machine, and its key."""
        key = _fresh_key()
        made = _builder(self._name, name, key).add_extension(HERE, critical=False)
        files = _written(self._folder, name, key, made, self._key)
        return files.certificate, files.key


def trusting(centre: Certified, device: Certified | None = None) -> ssl.SSLContext:
    """A device's side: trusts the centre, shows its own certificate where it has one."""
    context = ssl.create_default_context(cafile=centre.certificate)
    if device is not None:
        context.load_cert_chain(device.certificate, device.key)
    return context


def _fresh_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def _called(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(issuer: x509.Name, name: str, key: Key) -> x509.CertificateBuilder:
    serial = x509.random_serial_number()
    return x509.CertificateBuilder(issuer, _called(name), key.public_key(), serial, SINCE, UNTIL)


def _written(folder: Path, name: str, key: Key, made: x509.CertificateBuilder, signer: Key) -> Certified:
    signed = made.sign(signer, SHA256())
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(signed.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Certified(*files, signed.fingerprint(SHA256()).hex())
