"""Signatures as standardwebhooks.com has them."""

from datetime import UTC, datetime

from alarms.outward.signature import headers, key_in, new_key, shown

AT = datetime.fromtimestamp(1614265330, UTC)


def test_the_signature_is_that_of_standard_webhooks():
    key = key_in("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = headers([key], "msg_p5jXN8AQM9LWM0D4loKWxJek", AT, b'{"test": 2432232314}')
    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_two_keys_sign_twice_and_what_is_shown_is_what_signs():
    old, new = new_key(), new_key()
    assert key_in(shown(new)) == new != old
    both = headers([new, old], "line-1", AT, b"{}")["webhook-signature"].split()
    assert both == [headers([key], "line-1", AT, b"{}")["webhook-signature"] for key in (new, old)]
