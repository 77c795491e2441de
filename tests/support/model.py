"""What a census office's money ought to do, in plain dicts: the other opinion on the ledger.

The model knows nothing of the tool's code. It is told what the office and the bank do, says
whether that is allowed, and knows afterwards where everybody's 800 yuan are. Money is fen.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from dataclasses import field
from itertools import count

SUBSIDY = 800_00
DUE, IN_BANK, PAID, RETURNED, UNKNOWN = "due", "in_bank", "paid", "returned", "unknown"
LATE, REFUSED_FILE, UNDER_WAY = "RETURNED_LATER", "FILE_REFUSED", "PENDING"
RELEASED = "released"
# Which words of the bank change something, by what it has said before.
NEWS = {IN_BANK: (PAID, RETURNED, UNKNOWN), UNKNOWN: (PAID, RETURNED), PAID: (RETURNED,)}
LONG_AGO = datetime.date.min
# The first month in which anything happens.
BEGAN = "2020-11"
# What comes first and what later.
MOMENTS = count(1)


@dataclass
class Person:
    """``record`` is what the registry has, ``came_back`` what was sent when it last came back.

    ``heard`` are the bank's words of each payment, by batch, and ``released`` where a human has
    decided in between, who last did so on the day ``released``; ``since`` is the day of the last
    thing that happened to her money. ``held`` are fields that wait to be confirmed, each from the
    file in ``held_by``; ``changed`` is when a field was last written. Who has left is not
    ``active``; ``decided`` is whether an operator has decided something about the record.
    ``before_books`` is where she was when it was said that she had been paid before the books.
    """

    town: str
    post: str
    record: dict[str, str]
    state: str = DUE
    batch: str = ""
    fund: str = ""
    since: datetime.date = LONG_AGO
    came_back: dict[str, str] = field(default_factory=dict)
    came_back_from: str = ""
    reason: str = ""
    released: datetime.date | None = None
    disputed: bool = False
    cancelled: bool = False
    active: bool = True
    decided: bool = False
    before_books: tuple[str, str, str, datetime.date, bool] | None = None
    held: dict[str, str] = field(default_factory=dict)
    held_by: dict[str, bytes] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    heard: dict[str, list[str]] = field(default_factory=dict)

    def change(self, record: Mapping[str, str]) -> None:
        """Whatever is held of what is written is decided."""
        self.record |= record
        for name in record:
            self.held.pop(name, None)
            self.changed[name] = next(MOMENTS)

    @property
    def corrected(self) -> bool:
        fields = ["bank_name", "bank", "account"] + ["identity"] * (self.reason == "ID_MISMATCH")
        return any(self.record[name] != self.came_back[name] for name in fields)


@dataclass
class Batch:
    """``outcomes`` are this batch's payments, ``sent`` the records that went out with it.

    ``taken`` is what has left the bank account for it; ``before`` are the state and ``cancelled``
    that a void leads back to. It was ``made_by`` an operator, ``asks`` for roles, and has
    ``approvals`` by role and operator.
    """

    last: datetime.date
    outcomes: dict[str, str]
    sent: dict[str, dict[str, str]]
    before: dict[str, tuple[str, bool]]
    reasons: dict[str, str] = field(default_factory=dict)
    submitted: bool = False
    void: bool = False
    taken: int = 0
    made_on: datetime.date = LONG_AGO
    made_by: str = ""
    asks: tuple[str, ...] = ()
    approvals: dict[str, str] = field(default_factory=dict)
    attached: list[bytes] = field(default_factory=list)

    def fen(self, *states: str) -> int:
        return 0 if self.void else SUBSIDY * sum(s in states for s in self.outcomes.values())

    @property
    def in_transit(self) -> int:
        """Taken by the bank, and not yet said to be paid."""
        return self.taken - self.fen(PAID)

    @property
    def promised(self) -> int:
        """What the bank has still to take."""
        return max(0, self.fen(IN_BANK, UNKNOWN) - self.in_transit)

    @property
    def state(self) -> str:
        if self.void:
            return "void"
        if not {IN_BANK, UNKNOWN} & set(self.outcomes.values()):
            return "settled"
        if self.submitted:
            return "submitted"
        return "approved" if self.asks and not self.lacks else "prepared"

    @property
    def lacks(self) -> list[str]:
        return [role for role in self.asks if role not in self.approvals]

    @property
    def is_the_banks(self) -> bool:
        """Whether somebody may have given it to the bank: what asks for approvals is submitted."""
        return not self.void and (self.submitted or not self.asks)


@dataclass
class Model:
    """An office: ``received``, ``charged`` and ``budget`` (of the subsidies' line) by fund.

    ``closed`` are months such as 2020-11, in their order.
    """

    budget: Mapping[str, int]
    people: dict[str, Person] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    received: Counter[str] = field(default_factory=Counter)
    charged: Counter[str] = field(default_factory=Counter)
    other_spending: Counter[str] = field(default_factory=Counter)
    bank: int = 0
    files: set[tuple[str, bytes]] = field(default_factory=set)
    sheets: dict[bytes, int] = field(default_factory=dict)
    declined: set[tuple[bytes, str, str]] = field(default_factory=set)
    # From how much on a batch asks for which roles, the most first.
    asking: Sequence[tuple[int, tuple[str, ...]]] = ()
    closed: list[str] = field(default_factory=list)

    # What money there is.

    @property
    def cash(self) -> int:
        return self.bank - sum(batch.promised for batch in self.batches.values())

    def room(self, fund: str) -> int:
        of_fund = self.received[fund] - self.charged[fund] - self.other_spending[fund]
        return min(of_fund, self.budget[fund] - self.charged[fund])

    def receive(self, fund: str, fen: int) -> None:
        self.received[fund] += fen
        self.bank += fen

    def spend(self, fund: str, fen: int) -> None:
        self.other_spending[fund] += fen
        self.bank -= fen

    def take(self, batch: str, fen: int) -> None:
        """The bank takes money for a batch, or gives some back (below zero)."""
        self.batches[batch].taken += fen
        self.bank -= fen

    # Months.

    @property
    def open_from(self) -> datetime.date:
        """The first day on which something may happen."""
        return first_of_next(self.closed[-1]) if self.closed else LONG_AGO

    def close(self, month: str, on: datetime.date) -> bool:
        """A month that is over, after the one before it; and with the first one all before it."""
        due = not self.closed or month == str(self.open_from)[:7]
        if not due or month < BEGAN or on < first_of_next(month):
            return False
        self.closed.append(month)
        return True

    def reopen(self, month: str) -> bool:
        if [month] != self.closed[-1:]:
            return False
        self.closed.pop()
        return True

    # Who may be paid.

    def waits_for(self, payee: str, on: datetime.date, taken: Iterable[str] = ()) -> str:
        """Why a person who is due or returned is not paid; empty: the next batch pays her.

        ``taken`` are those of the same batch who come before her.
        """
        person = self.people[payee]
        if on < person.since:
            return "later_event"
        if person.released and person.released <= on:
            return ""
        on_post = {
            IN_BANK if other in taken else one.state
            for other, one in self.people.items()
            if one.post == person.post and other != payee
        }
        if person.state == RETURNED:
            if person.disputed:
                return "returned_disputed"
            if not person.corrected:
                return "returned_uncorrected"
            return "post_paid" if on_post & {IN_BANK, PAID, UNKNOWN} else ""
        if person.cancelled:
            return "cancelled"
        return "post_paid" if on_post - {DUE} else ""

    def waiting(self, on: datetime.date, towns: Sequence[str] = ()) -> dict[str, str]:
        """Everybody who is due or returned, in the order of payment, and what she waits for."""
        found: dict[str, str] = {}
        for payee, person in sorted(self.people.items(), key=lambda one: (one[1].town, one[0])):
            owed = person.active and person.state in (DUE, RETURNED)
            if owed and (not towns or person.town in towns):
                before = [other for other, reason in found.items() if not reason]
                found[payee] = self.waits_for(payee, on, before)
        return found

    def plan(
        self, on: datetime.date, towns: Sequence[str], fund: str, *, limit: bool
    ) -> dict[str, str]:
        """The next batch: the fund of each person; empty when nobody is or can be paid."""
        wanted = [
            payee
            for payee, reason in self.waiting(on, towns).items()
            if not reason
            and not (
                self.people[payee].state == RETURNED and fund not in ("", self.people[payee].fund)
            )
        ]
        cash, room = (
            self.cash,
            {name: self.room(name) for name in self.budget if fund in ("", name)},
        )
        plan: dict[str, str] = {}
        for payee in wanted:
            if cash < SUBSIDY:
                break
            person = self.people[payee]
            again = person.state == RETURNED
            own = person.fund if again else next((f for f in room if room[f] >= SUBSIDY), "")
            if own:
                plan[payee] = own
                cash -= SUBSIDY
                if not again:
                    room[own] -= SUBSIDY
        return plan if limit or len(plan) == len(wanted) else {}

    # What happens.

    def prepare(self, name: str, plan: Mapping[str, str], on: datetime.date, by: str = "") -> None:
        sent = {payee: dict(self.people[payee].record) for payee in plan}
        before = {one: (self.people[one].state, self.people[one].cancelled) for one in plan}
        together = SUBSIDY * len(plan) + sum(
            SUBSIDY * len(other.sent)
            for other in self.batches.values()
            if not other.void and abs((other.made_on - on).days) <= 3
        )
        asks = next((roles for fen, roles in self.asking if together >= fen), ())
        self.batches[name] = Batch(
            on, dict.fromkeys(plan, IN_BANK), sent, before, made_on=on, made_by=by, asks=asks
        )
        for payee, fund in plan.items():
            person = self.people[payee]
            self.charged[fund] += SUBSIDY if person.state == DUE else 0
            person.state, person.fund, person.batch = IN_BANK, fund, name
            person.since, person.cancelled = on, False
            person.heard[name] = []

    def pay_before(self, payees: Sequence[str], day: datetime.date, today: datetime.date) -> bool:
        """Who of them was paid before the books counts as paid: whoever is due, if there was no
        batch by then. Their fund has received what they got.
        """
        first = min((one.made_on for one in self.batches.values() if not one.void), default=None)
        if day > today or day < self.open_from or (first is not None and day >= first):
            return False
        due = [
            payee
            for payee in payees
            if self.people[payee].state == DUE and day >= self.people[payee].since
        ]
        left = {fund: fen - self.charged[fund] for fund, fen in self.budget.items()}
        if sum(fen // SUBSIDY for fen in left.values() if fen > 0) < len(due):
            return False
        for payee in due:
            person = self.people[payee]
            person.before_books = (
                person.state, person.fund, person.batch, person.since, person.cancelled
            )  # fmt: skip
            fund = next(name for name, fen in left.items() if fen >= SUBSIDY)
            left[fund] -= SUBSIDY
            self.charged[fund] += SUBSIDY
            self.received[fund] += SUBSIDY
            person.state, person.fund, person.batch, person.since = PAID, fund, "", day
            person.cancelled = False
        return bool(due)

    def never_paid_before(self, payee: str) -> bool:
        """It was not so that she had been paid before the books: she is where she was. Of a closed
        month nobody says so.
        """
        person = self.people[payee]
        if person.before_books is None or person.since < self.open_from:
            return False
        self.charged[person.fund] -= SUBSIDY
        self.received[person.fund] -= SUBSIDY
        person.state, person.fund, person.batch, person.since, person.cancelled = (
            person.before_books
        )
        person.before_books = None
        return True

    def submit(self, name: str, on: datetime.date) -> bool:
        batch = self.batches[name]
        if batch.state not in ("prepared", "approved") or batch.lacks:
            return False
        if on < max(batch.last, self.open_from) or self.is_stale(name):
            return False
        batch.submitted, batch.last = True, on
        return True

    def approve(self, name: str, on: datetime.date, by: str) -> bool:
        """Somebody who has every role looks at it: neither who made it, nor anybody twice."""
        batch = self.batches[name]
        if batch.state != "prepared" or not batch.asks or self.is_stale(name):
            return False
        if on < max(batch.last, self.open_from):
            return False
        if by == batch.made_by or by in batch.approvals.values():
            return False
        batch.approvals[batch.lacks[0]] = by
        batch.last = on
        return True

    def reject(self, name: str, on: datetime.date, by: str) -> bool:
        batch = self.batches[name]
        if not batch.asks or by == batch.made_by or batch.submitted:
            return False
        return self.take_back(name, on, bank_refused=False)

    def attach(self, name: str, content: bytes, on: datetime.date) -> bool:
        """A signed list is filed once, on any day since the batch was made; it moves nothing."""
        batch = self.batches[name]
        filed = [one for other in self.batches.values() for one in other.attached]
        if batch.void or on < max(batch.made_on, self.open_from) or content in filed:
            return False
        batch.attached.append(content)
        return True

    def detach(self, name: str, content: bytes) -> bool:
        """A list that was filed by mistake, of whatever batch: nothing else has moved by it."""
        filed = content in self.batches[name].attached
        if filed:
            self.batches[name].attached.remove(content)
        return filed

    def is_stale(self, name: str) -> bool:
        """Whether somebody of a batch has left, or is to be paid elsewhere by now."""
        where = ("bank_name", "bank", "account")
        return any(
            not self.people[payee].active
            or any(self.people[payee].record[name] != sent[name] for name in where)
            for payee, sent in self.batches[name].sent.items()
        )

    def take_back(self, name: str, on: datetime.date, *, bank_refused: bool) -> bool:
        """A void: everybody is where she was."""
        batch = self.batches[name]
        untouched = set(batch.outcomes.values()) == {IN_BANK} and batch.promised == batch.fen(
            IN_BANK
        )
        too_early = on < max(batch.last, self.open_from)
        if batch.void or not untouched or too_early or (batch.submitted and not bank_refused):
            return False
        batch.void, batch.last = True, on
        for payee, (state, cancelled) in batch.before.items():
            person = self.people[payee]
            self.charged[person.fund] -= SUBSIDY if state == DUE else 0
            person.state, person.cancelled, person.since = state, cancelled, on
            person.batch = person.came_back_from
            del person.heard[name]
        return True

    def refuse_file(self, name: str, payees: Sequence[str], on: datetime.date) -> bool:
        batch = self.batches[name]
        unanswered = {batch.outcomes[payee] for payee in payees} == {IN_BANK}
        if batch.void or not unanswered or on < batch.last:
            return False
        if batch.promised < SUBSIDY * len(payees):
            return False
        return self.answers(name, dict.fromkeys(payees, (RETURNED, REFUSED_FILE)), on)

    def answers(
        self,
        name: str,
        answers: Mapping[str, tuple[str, str]],
        on: datetime.date,
        *,
        file: bytes = b"",
    ) -> bool:
        """The bank's word for people of a batch: (paid | returned | unknown, class of reason).

        The very same file says nothing a second time of a batch.
        """
        if (name, file) in self.files:
            return True
        batch = self.batches[name]
        news = {payee for payee, said in answers.items() if self.is_news(name, payee, *said)}
        if batch.void or (news and on < max(batch.last, self.open_from)):
            return False
        if news and file:
            self.files.add((name, file))
        for payee, (word, reason) in answers.items():
            heard = reason if reason in (LATE, UNDER_WAY) else word
            self.people[payee].heard[name].append(heard)
            if payee in news:
                batch.submitted, batch.last = True, on
                self.believe(name, payee, word, reason, on)
        return True

    def is_news(self, name: str, payee: str, word: str, reason: str) -> bool:
        """An older word does not undo a newer one; paid or unclear after returned is a dispute."""
        batch, person = self.batches[name], self.people[payee]
        known = batch.outcomes[payee]
        if known == RETURNED:
            paid = word == PAID and batch.reasons[payee] != LATE
            return (paid or (word == UNKNOWN and reason != UNDER_WAY)) and not person.disputed
        return word in NEWS[known]

    def believe(self, name: str, payee: str, word: str, reason: str, on: datetime.date) -> None:
        batch, person = self.batches[name], self.people[payee]
        if batch.outcomes[payee] == RETURNED:
            person.disputed, person.released = True, None
            if person.state == RETURNED:
                person.since = max(person.since, on)
            return
        batch.outcomes[payee] = person.state = word
        person.since = on
        if word == RETURNED:
            batch.reasons[payee] = person.reason = reason
            person.came_back, person.came_back_from = batch.sent[payee], name
            person.released = None

    def release(self, payees: Sequence[str], on: datetime.date) -> bool:
        waiting = self.waiting(on)
        if on < self.open_from or any(self.people[payee].released for payee in payees):
            return False
        if not payees or not all(waiting.get(payee) for payee in payees):
            return False
        if any(on < self.people[payee].since for payee in payees):
            return False
        for payee in payees:
            person = self.people[payee]
            person.released, person.disputed = on, False
            for words in person.heard.values():
                words.append(RELEASED)
        return True

    def counts(self, payee: str) -> bool:
        """Who has left and was never sent money is nobody's any more."""
        sent = any(payee in batch.outcomes for batch in self.batches.values())
        return self.people[payee].active or sent or self.people[payee].state == PAID

    def sheet_says(
        self, sheet: bytes, rows: Mapping[str, tuple[str, Mapping[str, str]]], *, reason: bool
    ) -> bool:
        """A file of several people, which comes again now and then: whether any row is taken. One
        of another post goes back.
        """
        came = next(MOMENTS)
        on_post = {p: record for p, (post, record) in rows.items() if post == self.people[p].post}
        for payee, record in on_post.items():
            self.roster_says(payee, record, reason=reason, file=sheet)
        self.sheets.setdefault(sheet, came)
        return bool(on_post)

    def roster_says(
        self, payee: str, record: Mapping[str, str], *, reason: bool, file: bytes = b""
    ) -> bool:
        """A file with consent: it is taken. Where money is out it is held; what was written since
        the same file came before stays, and so does what was declined of it.
        """
        person = self.people[payee]
        before = self.sheets.get(file)
        news = {
            name: value
            for name, value in record.items()
            if person.record[name] != value
            and not (
                before is not None
                and (person.changed.get(name, 0) > before or (file, payee, name) in self.declined)
            )
        }
        if news and person.state in (IN_BANK, PAID, UNKNOWN) and not reason:
            fresh = {name for name, value in news.items() if person.held.get(name) != value}
            person.held_by |= dict.fromkeys(fresh, file)
            person.held |= news
        else:
            person.change(news)
        return True

    def decide(self, payee: str, *, confirmed: bool) -> bool:
        """What is held of somebody is made, or not."""
        person = self.people[payee]
        if not person.held:
            return False
        if confirmed:
            person.change(dict(person.held))
        self.declined |= {(person.held_by[name], payee, name) for name in person.held}
        person.held.clear()
        person.decided = True
        return True

    def move(self, payee: str, code: str) -> bool:
        """Fifteen digits are an enumerator's block, twelve a supervisor's area."""
        person = self.people[payee]
        post = f"{'普查员' if len(code) == 15 else '普查指导员'}:{code}"
        if person.state != DUE or post == person.post:
            return False
        person.post, person.town, person.decided = post, code[:9], True
        return True

    def leave(self, payee: str, *, back: bool) -> bool:
        person = self.people[payee]
        if person.active is back:
            return False
        person.active, person.decided = back, True
        return True

    def returned_of(self, name: str, reason: str, on: datetime.date) -> list[str]:
        """Who waits for a release of a whole class: nobody of whom the bank has to be asked, and
        nobody who has left.
        """
        waits = [payee for payee, why in self.waiting(on).items() if why]
        return [
            payee
            for payee, person in sorted(self.people.items())
            if (person.state, person.came_back_from, person.reason) == (RETURNED, name, reason)
            and payee in waits
            and not (person.released or person.disputed)
        ]

    def be_again(
        self, before: Model | None, batch: str, moved: Sequence[str], on: datetime.date
    ) -> bool:
        """The newest event is reversed: all is as before it, and no day before this one comes back
        for its batch and its people.
        """
        if before is None:
            return False
        vars(self).update(vars(deepcopy(before)))
        if batch:
            self.batches[batch].last = max(self.batches[batch].last, on)
        for payee in moved:
            self.people[payee].since = max(self.people[payee].since, on)
        return True

    def cancel(self, payee: str, on: datetime.date) -> bool:
        person = self.people[payee]
        if on < self.open_from or person.state != RETURNED:
            return False
        if on < max(person.since, self.batches[person.batch].last):
            return False
        self.batches[person.batch].last = on
        self.charged[person.fund] -= SUBSIDY
        person.state, person.cancelled, person.since = DUE, True, on
        person.released = None
        return True


def first_of_next(month: str) -> datetime.date:
    """The first day after a month."""
    return (datetime.date.fromisoformat(f"{month}-28") + datetime.timedelta(4)).replace(day=1)


def may_have_been_paid(words: Sequence[str]) -> bool:
    """Whether a payment may have been made, by all that the bank has said of it and in that order.

    Only a return rules it out. What nobody understands contradicts it afterwards, and so does
    paid, unless the return was one of money that had been paid (退汇); a human's release after
    that settles the matter.
    """
    settled = [place for place, word in enumerate(words) if word in (RETURNED, LATE, RELEASED)]
    returns = [word for word in words if word in (RETURNED, LATE)]
    if not returns:
        return True
    since = words[settled[-1] :]
    return UNKNOWN in since or (PAID in since and LATE not in words)
