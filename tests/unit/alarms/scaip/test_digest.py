"""Challenges, credentials and nonces."""

import hashlib

import pytest

from alarms.receivers.scaip.digest import (
    LIFETIME,
    WINDOW,
    Algorithm,
    Freshness,
    Nonces,
    challenges,
    expected,
    hashed_password,
    knows,
    read_credentials,
)

WHOLE = {
    "username": '"26317"',
    "realm": '"nattljus"',
    "nonce": '"n"',
    "uri": '"sip:larm@192.0.2.1"',
    "response": '"r"',
    "algorithm": "MD5",
    "cnonce": '"c"',
    "qop": "auth",
    "nc": "0000000a",
    "opaque": '"o"',
}
# RFC 7616 §3.9.1, with HA1 worked out for its realm.
RFC = dict(
    WHOLE,
    nonce='"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v"',
    uri='"/dir/index.html"',
    cnonce='"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"',
    nc="00000001",
)
RFC_ANSWERS = {
    "MD5": ("3d78807defe7de2157e2b0b6573a855f", "8ca523f5e9506fed4657c9700eebdbec"),
    "SHA-256": (
        "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
        "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    ),
}


def header(**said):
    return "Digest " + ", ".join(f"{name}={value}" for name, value in {**WHOLE, **said}.items() if value is not None)


def test_credentials_are_read():
    found = read_credentials([header()])
    assert found is not None
    assert (found.username, found.uri, found.algorithm, found.number) == ("26317", "sip:larm@192.0.2.1", "MD5", 10)


def test_spaces_quotes_escapes_and_the_case_of_names_do_not_matter():
    value = header(username=r'"26\"3,17"', qop='"AUTH"', algorithm='"sha-256"').replace("Digest ", "DIGEST   ")
    found = read_credentials([value.replace("realm=", "Realm  =  ").replace(", ", " ,  ") + ","])
    assert found is not None
    assert (found.username, found.algorithm) == ('26"3,17', Algorithm.SHA256)


def test_without_an_algorithm_it_is_md5():
    found = read_credentials([header(algorithm=None)])
    assert found is not None
    assert found.algorithm is Algorithm.MD5


def test_of_several_headers_the_first_for_us_is_taken():
    others = ["Basic MjYzMTc6", header(realm='"proxy"'), header(username='"1"'), header(username='"2"')]
    found = read_credentials(others)
    assert found is not None
    assert found.username == "1"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Digest",
        "Digest ",
        "Basic MjYzMTc6",
        header(qop=None),
        header(qop="auth-int"),
        header(nc="1"),
        header(nc="0000000g"),
        header(cnonce='""'),
        header(username=None),
        header(algorithm="MD5-sess"),
        header(realm='"elsewhere"'),
        header() + ", nonce=other",
        header() + ', x="unended',
        header(uri='"' + "u" * 3000 + '"'),
    ],
)
def test_what_is_not_whole_is_no_credentials(value):
    assert read_credentials([value]) is None


@pytest.mark.parametrize("algorithm", list(RFC_ANSWERS))
def test_the_response_is_that_of_the_rfc(algorithm):
    ha1, response = RFC_ANSWERS[algorithm]
    credentials = read_credentials([header(**{**RFC, "algorithm": algorithm, "response": f'"{response.upper()}"'})])
    assert credentials is not None
    assert expected(credentials, "GET", ha1) == response
    assert knows(credentials, "GET", ha1)
    assert not knows(credentials, "PUT", ha1)


def test_a_password_with_swedish_letters_is_hashed_as_utf_8():
    assert hashed_password(Algorithm.MD5, "1", "åäö") == hashlib.md5("1:nattljus:åäö".encode()).hexdigest()


def test_both_algorithms_are_offered_the_better_first():
    first, second = (value for _, value in challenges("n", stale=False))
    assert "algorithm=SHA-256" in first
    assert "algorithm=MD5" in second
    assert 'qop="auth"' in first
    assert "stale" not in first + second
    assert all("stale=true" in value for _, value in challenges("n", stale=True))


def test_a_nonce_is_good_for_five_minutes_and_then_stale():
    nonces = Nonces()
    nonce = nonces.issue(10.0)
    assert nonces.use(nonce, 1, 10.0) is Freshness.FRESH
    assert nonces.use(nonce, 2, 10.0 + LIFETIME - 1) is Freshness.FRESH
    assert nonces.use(nonce, 3, 10.0 + LIFETIME + 1) is Freshness.STALE


def test_the_same_count_twice_is_a_replay_and_another_order_is_none():
    nonces = Nonces()
    nonce = nonces.issue(0.0)
    assert [nonces.use(nonce, count, 0.0) for count in (1, 3, 2, 200)] == [Freshness.FRESH] * 4
    assert {nonces.use(nonce, count, 0.0) for count in (1, 2, 3, 200, 200 - WINDOW, 0)} == {Freshness.REPLAYED}
    assert nonces.use(nonce, 201 - WINDOW, 0.0) is Freshness.FRESH


@pytest.mark.parametrize("nonce", ["", "n", "A" * 43, "A" * 42, "å" * 43, "=" * 43, "A" * 44])
def test_a_nonce_that_we_did_not_make_is_stale(nonce):
    assert Nonces().use(nonce, 1, 0.0) is Freshness.STALE


def test_another_processs_nonce_and_an_altered_one_are_stale():
    nonces, nonce = Nonces(), Nonces().issue(0.0)
    assert nonces.use(nonce, 1, 0.0) is Freshness.STALE
    own = nonces.issue(0.0)
    assert nonces.use(("B" if own[0] == "A" else "A") + own[1:], 1, 0.0) is Freshness.STALE


def test_ten_thousand_challenges_are_not_remembered():
    nonces = Nonces()
    assert len({nonces.issue(n / 1000) for n in range(10_000)}) == 10_000
    assert len(nonces) == 0


def test_what_is_remembered_is_bounded_and_what_is_forgotten_is_stale_and_never_fresh_again():
    nonces = Nonces(limit=3)
    issued = [nonces.issue(float(n)) for n in range(5)]
    assert [nonces.use(nonce, 1, 5.0) for nonce in issued] == [Freshness.FRESH] * 5
    assert len(nonces) == 3
    assert [nonces.use(nonce, 1, 5.0) for nonce in issued[:2]] == [Freshness.STALE] * 2
    assert [nonces.use(nonce, 1, 5.0) for nonce in issued[2:]] == [Freshness.REPLAYED] * 3


def test_nonces_past_their_time_are_forgotten():
    nonces = Nonces()
    for n in range(10):
        nonces.use(nonces.issue(float(n)), 1, float(n))
    nonces.use(nonces.issue(1000.0), 1, 1000.0)
    assert len(nonces) == 1
