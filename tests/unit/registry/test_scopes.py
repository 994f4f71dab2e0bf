"""Another system may what its scopes say, in its own principal, and hears which scope it lacks."""

from datetime import UTC, datetime, timedelta

import pytest

from registry.access import HIDDEN, Act, Allowed, Basis, Denied, Purpose, Scope, Span, Who, Whom, decide

AT = datetime(2026, 1, 15, 3, 10, tzinfo=UTC)
NOW = Span(AT - timedelta(hours=1), AT + timedelta(hours=1))
HERE = Whom("kommun", "norr", "resident-1", "home-1", handler="me", purpose=Purpose("case", "case-1", open=True))


def a_client(*scopes, principal="kommun"):
    return Who("me", "me", None, None, principal, None, NOW, client="me", scopes=frozenset(scopes))


@pytest.mark.parametrize(
    ("act", "scope"),
    [
        (Act.EVENT_READ, Scope.EVENTS_READ),
        (Act.CASE_LIST, Scope.CASES_READ),
        (Act.CASE_READ, Scope.CASES_READ),
    ],
)
def test_another_system_may_what_its_scope_says_in_its_own_principal(act, scope):
    assert decide(a_client(scope), act, HERE, [], AT) == Allowed(Basis.SCOPE)
    assert decide(a_client(*(set(Scope) - {scope})), act, HERE, [], AT) == Denied("scope")
    assert decide(a_client(*Scope, principal="granne"), act, HERE, [], AT) == HIDDEN
