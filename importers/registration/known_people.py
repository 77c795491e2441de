"""Everyone that a roster's rows are compared with."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping

from importers.rosters.words import vocabulary
from ledger.base.records import Record
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.payees import Payee
from ledger.model.payees import same_account
from ledger.model.payees import same_phone
from ledger.model.payees import serial_of

# The serial of somebody whom the registry has not numbered yet.
UNNUMBERED = 0


class KnownPerson(Record):
    """A payee of the registry; or one who is not stored yet, with ``place``, her file and row."""

    payee: Payee
    place: str = ""

    @property
    def variant(self) -> str:
        """Which wording of a problem fits: only people of the registry have an id."""
        return "roster" if self.payee.serial == UNNUMBERED else "registered"

    @property
    def parameters(self) -> Mapping[str, str]:
        """For a problem's message: who and where, nothing personal."""
        town_name = vocabulary().programme.town_name(self.payee.town)
        return {
            "payee": self.payee.payee_id,
            "place": self.place or town_name,
            "town": town_name,
            "role": self.payee.role,
            "post": self.payee.block or self.payee.area,
        }


class KnownPeople:
    """People by what must be theirs alone, id, identity number, account, post; and by name.

    Built once from the registry; of an import with many rosters, each one's additions and
    changes are put in before the next is compared. Who is ``withdrawn`` is nobody's neighbour: she
    is only what a row may register again.
    """

    def __init__(self, payees: Iterable[Payee] = (), withdrawn: Iterable[Payee] = ()) -> None:
        self._withdrawn = {payee.identity: payee for payee in withdrawn}
        self._by_serial: dict[int, KnownPerson] = {}
        self._by_identity: dict[str, KnownPerson] = {}
        self._by_account: dict[str, KnownPerson] = {}
        self._on_post: dict[str, list[KnownPerson]] = {}
        self._called: dict[tuple[str, str], list[KnownPerson]] = {}
        self._with_phone: dict[tuple[str, str], list[KnownPerson]] = {}
        for payee in payees:
            self.put(payee)

    def put(self, payee: Payee, *, place: str = "") -> None:
        """Add somebody, or replace what was known of the same person."""
        numbered = payee.serial != UNNUMBERED
        old = self._by_serial.get(payee.serial) or self._by_identity.get(payee.identity)
        if old:
            self._forget(old)
        new = KnownPerson(payee, place)
        if numbered:
            self._by_serial[payee.serial] = new
        self._by_identity[payee.identity] = new
        self._by_account[same_account(payee.account)] = new
        if payee.active and payee.place:
            self._on_post.setdefault(payee.post, []).append(new)
        self._called.setdefault((payee.town, payee.legal_name), []).append(new)
        self._with_phone.setdefault(_name_and_phone(payee), []).append(new)

    def _forget(self, old: KnownPerson) -> None:
        del self._by_identity[old.payee.identity]
        account = same_account(old.payee.account)
        if self._by_account.get(account) is old:
            del self._by_account[account]
        if old.payee.active and old.payee.has_post:
            self._on_post[old.payee.post].remove(old)
        self._called[old.payee.town, old.payee.legal_name].remove(old)
        self._with_phone[_name_and_phone(old.payee)].remove(old)

    def of_payee(self, payee_id: PayeeId) -> KnownPerson | None:
        """Somebody of the registry by her id, which stays when the identity number is corrected."""
        known = self._by_serial.get(serial_of(payee_id))
        return known if known and known.payee.payee_id == payee_id else None

    def of_identity(self, identity: str) -> KnownPerson | None:
        return self._by_identity.get(identity)

    def withdrawn_of(self, identity: str) -> Payee | None:
        """Whose record waits under a number for a roster that lists her."""
        return self._withdrawn.get(identity)

    def of_account(self, account: str) -> KnownPerson | None:
        """Somebody with the account, however many zeros it is written with."""
        return self._by_account.get(same_account(account))

    def posts_of(self, payee_ids: Iterable[PayeeId]) -> dict[str, KnownPerson]:
        """The posts of some people of the registry, those who have left among them."""
        known = filter(None, map(self.of_payee, payee_ids))
        return {person.payee.post: person for person in known if person.payee.has_post}

    def of_name(self, town: TownCode, name: str) -> KnownPerson | None:
        """Somebody of the town who is called so."""
        called = self._called.get((town, name))
        return called[0] if called else None

    def of_phone(self, name: str, phone: str, *, but_in: str) -> KnownPerson | None:
        """Somebody of another town than ``but_in`` who is called so and has the phone number."""
        key = same_phone(phone)
        people = self._with_phone.get((name, key), ()) if key else ()
        return next((person for person in people if person.payee.town != but_in), None)

    def of_post(self, post: str) -> KnownPerson | None:
        """Somebody active who holds the post."""
        on_post = self._on_post.get(post)
        return on_post[0] if on_post else None


def _name_and_phone(payee: Payee) -> tuple[str, str]:
    return payee.legal_name, same_phone(payee.phone)
