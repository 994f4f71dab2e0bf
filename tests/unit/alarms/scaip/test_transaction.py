"""Transactions by RFC 3261's timers, with time as an argument."""

from alarms.receivers.scaip import sip
from alarms.receivers.scaip.transaction import ClientState, ClientTransaction, Echo, ServerTransactions, server_key
from tests.unit.alarms.scaip.device import DEVICE, mrq, sip_message


def history(transaction, until):
    """The moments at which it sends again."""
    moments = []
    while transaction.deadline is not None and transaction.deadline <= until:
        at = transaction.deadline
        if transaction.due(at) is not None:
            moments.append(at)
    return moments


def over_udp():
    return ClientTransaction(b"data", "b", "MESSAGE", reliable=False, at=100.0)


def test_over_udp_it_is_sent_again_at_doubling_intervals_up_to_four_seconds_for_32():
    transaction = over_udp()
    assert [at - 100 for at in history(transaction, 200)] == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert transaction.state is ClientState.TIMED_OUT


def test_over_tcp_it_is_sent_once_and_given_up_after_32_seconds():
    transaction = ClientTransaction(b"data", "b", "MESSAGE", reliable=True, at=0.0)
    assert transaction.deadline == 32.0
    assert history(transaction, 100) == []
    assert transaction.state is ClientState.TIMED_OUT


def test_nothing_is_due_before_its_time():
    transaction = over_udp()
    assert transaction.due(100.4) is None
    assert transaction.deadline == 100.5


def test_a_final_answer_ends_it():
    for status, state in ((200, ClientState.ANSWERED), (202, ClientState.ANSWERED), (404, ClientState.REFUSED)):
        transaction = over_udp()
        assert transaction.answer(status, "MESSAGE")
        assert (transaction.state, transaction.deadline) == (state, None)
        assert not transaction.answer(200, "MESSAGE")
        assert transaction.state is state


def test_a_provisional_answer_makes_it_slower_but_not_done():
    transaction = over_udp()
    transaction.answer(100, "MESSAGE")
    assert [at - 100 for at in history(transaction, 110)] == [0.5, 4.5, 8.5]
    assert not transaction.over


def test_an_answer_to_another_method_is_not_for_it():
    transaction = over_udp()
    assert not transaction.answer(200, "OPTIONS")
    assert not transaction.over


def test_cutting_the_way_ends_it_unless_it_has_ended():
    transaction, answered = over_udp(), over_udp()
    answered.answer(200, "MESSAGE")
    for each in (transaction, answered):
        each.cut()
    assert (transaction.state, answered.state) == (ClientState.CUT, ClientState.ANSWERED)


def test_a_request_is_new_then_absorbed_then_echoed_for_32_seconds():
    server = ServerTransactions()
    assert server.begin(("a",), 0.0) is None
    assert server.begin(("a",), 0.4) == Echo(None)
    server.answered(("a",), b"200", 1.0)
    assert server.begin(("a",), 32.9) == Echo(b"200")
    assert server.begin(("a",), 33.0) is None


def test_what_is_never_answered_is_forgotten_when_abandoned():
    server = ServerTransactions()
    server.begin(("a",), 0.0)
    server.abandon(("a",))
    assert len(server) == 0
    assert server.begin(("a",), 0.0) is None


def test_the_memory_of_answers_is_bounded_and_the_oldest_go_first():
    server = ServerTransactions(limit=10)
    for number in range(1000):
        server.begin((number,), 0.0)
        server.answered((number,), b"200", 0.0)
    assert len(server) <= 11
    assert server.begin((999,), 0.0) == Echo(b"200")
    assert server.begin((0,), 0.0) is None


def key(data, source=DEVICE):
    return server_key(sip.parse(data), source)


def test_only_a_true_repetition_has_the_same_key():
    press = sip_message(mrq())
    assert key(press) == key(press)
    others = [
        key(sip_message(mrq(), branch="z9hG4bKother")),
        key(sip_message(mrq(), call_id="c2")),
        key(sip_message(mrq(), cseq=2)),
        key(sip_message(mrq(ref="2"))),
        key(press, ("192.0.2.7", 40124)),
        key(press.replace(b"192.0.2.7:40123;", b"192.0.2.8:40123;")),
    ]
    assert len({key(press), *others}) == 7
