"""The answers to challenges, by the RFC's own examples."""

import re

import pytest

from clients.simulated.conformance.digest import Challenge, Secret, authorization, challenges
from clients.simulated.conformance.message import read

NONCE, OPAQUE = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"
CNONCE = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"


@pytest.mark.parametrize(
    ("algorithm", "response"),
    [
        ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
        ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
    ],
)
def test_the_answer_is_the_one_of_rfc_7616_section_3_9_1(algorithm, response):
    challenge = Challenge("http-auth@example.org", NONCE, algorithm, ("auth", "auth-int"), OPAQUE, stale=False)
    header = authorization(challenge, Secret("Mufasa", "Circle of Life", CNONCE), "GET", "/dir/index.html")
    assert f'response="{response}"' in header
    assert {"qop=auth", "nc=00000001", f'opaque="{OPAQUE}"'} <= set(re.split(", | ", header))


def test_without_qop_the_answer_is_the_one_of_rfc_2617_without_count():
    challenge = Challenge("r", "n", "MD5", (), None, stale=False)
    header = authorization(challenge, Secret("u", "p", "c"), "MESSAGE", "sip:a")
    assert "nc=" not in header
    assert "qop" not in header


def test_every_challenge_is_read():
    refused = read(
        b"SIP/2.0 401 Unauthorized\r\n"
        b'WWW-Authenticate: Digest realm="a, b", nonce="n1", algorithm=SHA-256, qop="auth"\r\n'
        b'WWW-Authenticate: Digest realm="c",nonce="n2",stale=TRUE\r\nWWW-Authenticate: Basic realm="d"\r\n\r\n'
    )
    assert challenges(refused) == [
        Challenge("a, b", "n1", "SHA-256", ("auth",), None, stale=False),
        Challenge("c", "n2", "MD5", (), None, stale=True),
    ]
