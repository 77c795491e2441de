"""A bank that does everything a bank must not do, and keeps the truth to itself.

It answers late, in parts, in any order, twice, in other formats, with masked accounts; among its
files are bent ones (:mod:`.adversarial_results`); it debits before or after it answers, gross
or net, by file or by person, and refunds many batches in one sum (:mod:`.adversarial_money`).
Whatever it says, ``money`` and ``answers`` tell what it really did, so that a model can compare.
It knows upload and result files, and nothing of the ledger. Every choice is drawn from ``random``:
Hypothesis's ``randoms()`` or ``Random(seed)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from random import Random

from samples.bank import PAID
from samples.bank import Decision
from samples.bank import Fate
from samples.bank import Outcome
from samples.bank import returned
from samples.bank_upload import SentRow
from samples.bank_words import LATER_REASON
from samples.bank_words import PENDING_TEXTS
from samples.bank_words import USUAL_REASONS

from tests.support.adversarial_money import Key
from tests.support.adversarial_money import Movement
from tests.support.adversarial_money import Till
from tests.support.adversarial_results import FOREIGN
from tests.support.adversarial_results import TRICKS
from tests.support.adversarial_results import ResultSent
from tests.support.adversarial_results import bent_file
from tests.support.adversarial_results import honest_file


class Money(Enum):
    """What really happened to the money of one payment."""

    UNDECIDED = "undecided"
    MOVED = "moved"
    NOT_MOVED = "not moved"
    CAME_BACK = "came back"  # it moved, and the payee's bank sent it back


class AdversarialBank:
    """See the module. Payments are known by ``SentRow.key``: upload file and row.

    ``gross``: the bank takes the whole of a file and gives back what it could not pay; else it
    takes what it has paid. ``per_person``: a line of the statement is a payment, else a file.
    """

    def __init__(self, random: Random, *, gross: bool = True, per_person: bool = False) -> None:
        self._random = random
        self._gross = gross
        self._till = Till(per_person)
        self._rows: dict[str, list[SentRow]] = {}
        self._answers: dict[Key, Decision] = {}
        self._refused: set[Key] = set()
        self._sent: dict[str, list[ResultSent]] = {}
        self.money: dict[Key, Money] = {}

    # What the office and the world do to the bank.

    def submit(self, batch: str, rows: Sequence[SentRow]) -> None:
        """The upload files of a batch arrive, as ``read_uploads`` has read them."""
        if batch in self._rows or any(row.key in self.money for row in rows):
            raise ValueError(f"{batch} was submitted before")
        self._rows[batch] = list(rows)
        self.money |= dict.fromkeys((row.key for row in rows), Money.UNDECIDED)

    def refuse(self, batch: str, file: str = "") -> None:
        """The bank turns the whole batch away, or one upload: no result, no debit, ever.

        Raises ValueError when it has decided, or taken money, already.
        """
        keys = {row.key for row in self._rows[batch] if file in ("", row.file)}
        if keys & (self._answers.keys() | self._till.debited):
            raise ValueError(f"{batch} is under way")
        self._refused |= keys
        self.money |= dict.fromkeys(keys, Money.NOT_MOVED)

    def settle(self, batch: str, *, everything: bool = False) -> list[Decision]:
        """Decide some payments, or the rest of them; returns what is newly said.

        Until ``everything``, some payments are only said to be under way.
        """
        open_rows = [row for row in self._rows[batch] if self.money[row.key] is Money.UNDECIDED]
        count = len(open_rows) if everything else self._random.randint(0, len(open_rows))
        news = []
        for row in self._random.sample(open_rows, count):
            outcome = self._outcome(row, may_wait=not everything)
            if outcome.fate is not Fate.PENDING:
                moved = outcome.fate is Fate.PAID
                self.money[row.key] = Money.MOVED if moved else Money.NOT_MOVED
            self._answers[row.key] = Decision(row, outcome)
            news.append(self._answers[row.key])
        return news

    def give_back(self, batch: str) -> Decision | None:
        """Money that moved comes back (退汇); None when none has moved."""
        moved = [row for row in self._rows[batch] if self.money[row.key] is Money.MOVED]
        if not moved:
            return None
        row = self._random.choice(moved)
        self.money[row.key] = Money.CAME_BACK
        self._answers[row.key] = Decision(row, returned(LATER_REASON, self._random))
        return self._answers[row.key]

    # What the bank says.

    def answers(self, batch: str) -> list[Decision]:
        """The truth as an honest bank would tell it now, in the order of the uploads."""
        keys = [row.key for row in self._rows[batch]]
        return [self._answers[key] for key in keys if key in self._answers]

    def is_current(self, sent: ResultSent) -> bool:
        """Whether the bank would still say all this.

        A file that is not may be late: it is refused, or undoes nothing of what is known since.
        """
        return all(self._answers.get(decision.row.key) == decision for decision in sent.decisions)

    def result_files(self, batch: str, *, tricks: int = 1) -> list[ResultSent]:
        """Every answer that there is, in one to three honest files, in any order.

        Mixed with them: a repetition of an earlier file or of earlier rows, and up to ``tricks``
        bent files. Empty while there is no answer.
        """
        answers = self.answers(batch)
        if not answers:
            return []
        files = [self._honest(batch, part) for part in self._parts(answers)]
        earlier = self._sent.setdefault(batch, [])
        earlier += files
        again = self._random.choice(earlier)
        files += self._random.choice(([], [again], [self._honest(batch, again.decisions)]))
        files += [self.bent(batch, self._trick(batch)) for _ in range(tricks)]
        self._random.shuffle(files)
        return files

    def bent(self, batch: str, trick: str) -> ResultSent:
        """One bent file, of the kind of ``TRICKS`` that is asked for.

        Raises ValueError while there is no answer, or no other batch for a foreign row.
        """
        answers = self.answers(batch)
        part = self._random.sample(
            answers, self._random.randint(min(1, len(answers)), len(answers))
        )
        return bent_file(batch, part, self._foreign(batch), trick, self._random)

    def statement(self, *, everything: bool = False) -> list[Movement]:
        """Debits and refunds since the last statement; with ``everything``, all that are due."""
        due = {
            batch: [row for row in rows if self._to_debit(batch, row)]
            for batch, rows in self._rows.items()
        }
        movements = self._till.debit(due, self._random, everything=everything)
        back = {
            batch: [row for row in rows if self._to_refund(row)]
            for batch, rows in self._rows.items()
        }
        return movements + self._till.refund(back, self._random, everything=everything)

    def taken_fen(self, batch: str) -> int:
        """What has left the office's account for the batch: debits less refunds, so far."""
        rows = self._rows[batch]
        debited = sum(row.fen for row in rows if row.key in self._till.debited)
        return debited - sum(row.fen for row in rows if row.key in self._till.refunded)

    def moved_fen(self, batch: str) -> int:
        """What payees of the batch have received and kept."""
        rows = self._rows[batch]
        return sum(row.fen for row in rows if self.money[row.key] is Money.MOVED)

    # How it makes up its mind.

    def _outcome(self, row: SentRow, *, may_wait: bool) -> Outcome:
        chance = self._random.random()
        if may_wait and chance < 0.15:
            return Outcome(Fate.PENDING, self._random.choice(PENDING_TEXTS))
        if chance < 0.35:
            return returned(self._random.choice(USUAL_REASONS), self._random)
        if chance < 0.4:
            # Banks quote what must not reach the books.
            return Outcome(Fate.RETURNED, f"账号{row.account}不存在", "ACCOUNT_NOT_FOUND")
        return PAID

    def _honest(self, batch: str, decisions: Sequence[Decision]) -> ResultSent:
        return honest_file(batch, decisions, self._rows[batch], self._random)

    def _parts(self, decisions: Sequence[Decision]) -> list[list[Decision]]:
        """The decisions in one to three parts, their order shuffled or not."""
        decisions = list(decisions)
        if self._random.random() < 0.5:
            self._random.shuffle(decisions)
        count = min(self._random.randint(1, 3), len(decisions))
        cuts = sorted(self._random.sample(range(1, len(decisions)), count - 1))
        ends = zip([0, *cuts], [*cuts, len(decisions)], strict=True)
        return [decisions[start:end] for start, end in ends]

    def _trick(self, batch: str) -> str:
        possible = [trick for trick in TRICKS if trick != FOREIGN or self._foreign(batch)]
        return self._random.choice(possible)

    def _foreign(self, batch: str) -> list[SentRow]:
        """Rows of other batches whose accounts this batch does not pay into."""
        accounts = {row.account for row in self._rows[batch]}
        return [
            row
            for other, rows in self._rows.items()
            for row in rows
            if other != batch and row.account not in accounts
        ]

    def _to_debit(self, batch: str, row: SentRow) -> bool:
        if row.key in self._refused | self._till.debited:
            return False
        return self._gross or self.money[row.key] in (Money.MOVED, Money.CAME_BACK)

    def _to_refund(self, row: SentRow) -> bool:
        if row.key not in self._till.debited or row.key in self._till.refunded:
            return False
        return self.money[row.key] in (Money.NOT_MOVED, Money.CAME_BACK)
