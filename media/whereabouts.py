"""Which leg a datagram may be for: by what a check names, by address, and by SSRC for a peer that has moved."""

from collections.abc import Sequence
from itertools import islice

from media.leg import MOST_ADDRESSES, Address, Credentials, Leg


class Whereabouts:
    """Three tables over the open legs. What they say is a guess until the datagram has proven it."""

    def __init__(self) -> None:
        self._by_fragment: dict[str, tuple[Leg, Credentials]] = {}
        self._by_address: dict[Address, Leg] = {}
        self._by_ssrc: dict[int, dict[str, Leg]] = {}

    def named(self, fragment: str) -> tuple[Leg, Credentials] | None:
        """The leg that a check to this user name fragment is for, and the credentials it was sent with."""
        return self._by_fragment.get(fragment)

    def at(self, address: Address) -> Leg | None:
        """The leg whose peer has proven to be there."""
        return self._by_address.get(address)

    def likely(self, ssrc: int, most: int) -> Sequence[Leg]:
        """Some legs whose peers send under that SSRC."""
        return list(islice(self._by_ssrc.get(ssrc, {}).values(), most))

    def expect(self, leg: Leg) -> None:
        """Let checks with the leg's present credentials find it."""
        self._by_fragment[leg.credentials.fragment] = (leg, leg.credentials)

    def drop_former(self, leg: Leg) -> None:
        """Let no check with the leg's former credentials find it any more."""
        if leg.former is not None:
            self._by_fragment.pop(leg.former.fragment, None)
            leg.former = None

    def know(self, leg: Leg, address: Address) -> None:
        """This address has proven to be the leg's peer's; the last few are kept."""
        if self._by_address.get(address) is leg:
            return
        self._by_address[address] = leg
        leg.addresses.append(address)
        if len(leg.addresses) > MOST_ADDRESSES:
            oldest = next(known for known in leg.addresses if known != leg.address)
            leg.addresses.remove(oldest)
            if self._by_address.get(oldest) is leg:
                del self._by_address[oldest]

    def note_ssrcs(self, leg: Leg) -> None:
        """Remember what the leg's peer sends under."""
        for ssrc in leg.ssrcs:
            self._by_ssrc.setdefault(ssrc, {})[leg.session] = leg

    def forget(self, leg: Leg) -> None:
        """The leg has ended."""
        self.drop_former(leg)
        self._by_fragment.pop(leg.credentials.fragment, None)
        for address in leg.addresses:
            if self._by_address.get(address) is leg:
                del self._by_address[address]
        for ssrc in leg.ssrcs:
            sharing = self._by_ssrc.get(ssrc, {})
            sharing.pop(leg.session, None)
            if not sharing:
                self._by_ssrc.pop(ssrc, None)
