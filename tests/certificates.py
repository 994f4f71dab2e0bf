"""Certificates for tests: self-signed, each good for itself alone."""

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


@dataclass(frozen=True)
class Certified:
    """A certificate and its key, as PEM files."""

    certificate: Path
    key: Path
    fingerprint: str


def certify(folder: Path, name: str) -> Certified:
    """A fresh certificate for 127.0.0.1, called `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * 50))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, SHA256())
    )
    files = folder / f"{name}.pem", folder / f"{name}.key"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return Certified(*files, made.fingerprint(SHA256()).hex())


def trusting(centre: Certified, device: Certified | None = None) -> ssl.SSLContext:
    """A device's side: trusts the centre, shows its own certificate where it has one."""
    context = ssl.create_default_context(cafile=centre.certificate)
    if device is not None:
        context.load_cert_chain(device.certificate, device.key)
    return context
