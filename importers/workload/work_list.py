"""Read a list of work: each row one person's work, or a row that goes back."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple
from typing import TypeAlias

from importers.rosters.body import Reason
from importers.rosters.checks import UnplacedProblem
from importers.rosters.header import settle_places
from importers.rosters.marked_rows import check_marked
from importers.rosters.marked_rows import with_formulas
from importers.rosters.merged_cells import CELL_MERGED
from importers.rosters.people import read_posts
from importers.rosters.posts import Post
from importers.rosters.problems import Problem
from importers.rosters.remarks import check_remarks
from importers.rosters.return_columns import return_columns
from importers.rosters.several_columns import check_several
from importers.rosters.sheets import RosterTable
from importers.rosters.sheets import SheetNote
from importers.rosters.sheets import people_of_table
from importers.rosters.sheets import tables_on
from importers.rosters.surroundings import surroundings_of
from importers.rosters.tables import Table
from importers.rosters.tables import find_tables
from importers.rosters.words import vocabulary
from importers.rosters.words import words_of_messages
from importers.tables.cell_text import number_text
from importers.tables.cell_text import person_name
from importers.tables.cell_text import plain_text
from importers.tables.cell_text import unless_nothing
from importers.tables.cell_text import words
from importers.tables.cells import Cell
from importers.tables.reading import Sheet
from importers.workload.body import WORK
from importers.workload.body import Total
from importers.workload.body import merged_over_rows
from importers.workload.body import with_all_work
from importers.workload.columns import settled_columns
from importers.workload.header import FEWEST_FIELDS
from importers.workload.header import work_head
from importers.workload.people import Fault
from importers.workload.people import Named
from importers.workload.people import RegisteredPeople
from importers.workload.people import ids_of
from importers.workload.problems import WorkProblem
from importers.workload.refusals import NoWorkHeader
from importers.workload.totals import Counted
from importers.workload.totals import check_totals
from importers.workload.values import BadValue
from importers.workload.values import amount_in
from importers.workload.values import quantity_in
from importers.workload.words import QUANTITY
from importers.workload.words import unit_of
from importers.workload.words import work_words
from ledger.base.money import grouped
from ledger.base.money import yuan
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.model.payees import Payee
from ledger.model.programme import Posts
from ledger.model.recorded_rates import RecordedRate
from ledger.model.rules import Stage
from ledger.model.rules import StageKind
from ledger.model.towns import Town
from ledger.model.work_done import WorkDone
from ledger.payments.amount_owed import amount_owed

# What is missing in a cell that holds a formula is not missing: it has no value.
MISSING = frozenset({"person_missing", "quantity_missing", "amount_missing", "identity_missing"})
# Who somebody is the registry knows: a list need not say her role.
NOT_ASKED = frozenset({"role_missing", "role_doubted", "role_unknown", "former_town"})
STRUCK = ("name", "identity", "payee_id", "quantity", "amount", "deduction")


Said: TypeAlias = dict[str, "Decimal | int | None"]


class WorkRow(NamedTuple):
    """A row of a list. ``payee`` is whom it means and ``line`` what it says, of a row that is good.

    ``role`` is what the row says of it; ``cells`` is the whole row as it stood.
    """

    sheet: str
    row: int
    role: str
    cells: Sequence[Cell]
    payee: Payee | None
    line: WorkDone

    def __repr__(self) -> str:
        """Nothing personal."""
        return f"WorkRow({self.place})"

    @property
    def place(self) -> str:
        """``Sheet1!12``; in a text file ``12``."""
        return f"{self.sheet}!{self.row}" if self.sheet else str(self.row)


class WorkList(Record):
    """Every row below the headings of every visible sheet is in one of the three tuples.

    ``quarantined`` have at least one error among the ``problems``; ``uncompared`` are the rows of
    totals that say what could not be compared.
    """

    file: str
    stage: Stage
    tables: tuple[RosterTable, ...]
    rows: tuple[WorkRow, ...]
    quarantined: tuple[WorkRow, ...]
    skipped: tuple[tuple[str, int, Reason], ...]
    problems: tuple[Problem, ...]
    notes: tuple[SheetNote, ...]
    uncompared: tuple[tuple[str, int], ...] = ()

    @property
    def row_count(self) -> int:
        return len(self.rows) + len(self.quarantined) + len(self.skipped)

    @property
    def people(self) -> list[tuple[Payee, WorkRow]]:
        """Those of whom it says something, with their rows."""
        return [(row.payee, row) for row in self.rows if row.payee is not None]

    def without(self, places: Mapping[tuple[str, int], Problem]) -> WorkList:
        """The list with rows sent back for a problem that others have shown."""
        if not places:
            return self
        back = [row for row in self.rows if (row.sheet, row.row) in places]
        return replace(
            self,
            rows=tuple(row for row in self.rows if (row.sheet, row.row) not in places),
            quarantined=tuple(sorted([*self.quarantined, *back], key=self._order)),
            problems=(*self.problems, *places.values()),
        )

    def problem(
        self, row: WorkRow, field: str, code: str, parameters: Mapping[str, str]
    ) -> Problem:
        """A problem of one of the rows, found when the list was compared with others."""
        table = next(
            one for one in self.tables if one.sheet == row.sheet and one.last_row >= row.row
        )
        return _problem(table, row.row, field, code, parameters)

    def _order(self, row: WorkRow) -> tuple[int, int]:
        sheets = [table.sheet for table in self.tables]
        return sheets.index(row.sheet), row.row


class StageRules(Record):
    """What lists are read by: the stage, what is ``counted`` in any stage, and the rates of this
    one by role.
    """

    stage: Stage
    counted: tuple[str, ...]
    rates: Mapping[str, RecordedRate]


def work_list_of(
    name: str,
    sheets: Iterable[Sheet],
    rules: StageRules,
    people: RegisteredPeople,
    *,
    town: Town | None = None,
) -> WorkList:
    """The list on the sheets of a file called ``name``; ``town`` is the user's word for it.

    Raises a refusal of :mod:`.refusals`, :mod:`importers.rosters.sheets` or
    :mod:`importers.tables.refusals`.
    """
    stage = rules.stage
    head = work_head(work_words(rules.counted), only_people=stage.kind is StageKind.FIXED)
    totals: list[tuple[Total, ...]] = []
    merged: list[set[tuple[int, str]]] = []

    def read(sheet: Sheet, table: Table) -> RosterTable:
        one, own_totals, own_merged = _read_table(name, sheet, table, stage, asked=town)
        totals.append(tuple(own_totals))
        merged.append(own_merged)
        return one

    tables, notes = tables_on(
        name,
        sheets,
        lambda cells: find_tables(cells, head, fewest=FEWEST_FIELDS),
        read,
        without=NoWorkHeader,
    )
    return _List(name, rules, people, tables, merged).read(notes, totals)


def _read_table(
    file: str, sheet: Sheet, table: Table, stage: Stage, *, asked: Town | None
) -> tuple[RosterTable, list[Total], set[tuple[int, str]]]:
    header, ticks, named, cells, body = people_of_table(file, sheet, table)
    columns = settled_columns(file, sheet.name, header, body.people, table.titles, stage)
    body, totals = with_all_work(body, cells, columns)
    rows = [row for _number, row in body.people]
    columns = settle_places(columns, rows)
    if "name" not in columns and "bank_name" in columns:
        columns["name"] = columns.pop("bank_name")
    surroundings = surroundings_of(file, sheet.name, table, rows, columns, asked=asked, named=named)
    others = {
        field: places
        for field, places in header.others.items()
        if field in ("name", "identity", "role", "block", "payee_id", "remark")
    }
    taken = [*columns.values(), *(place for places in others.values() for place in places)]
    returned = return_columns(header.titles, rows, taken)
    # Names of a role are a title here, and no more: who she is the registry knows.
    posts: Posts = "none" if vocabulary().programme.posts == "none" else "optional"
    surroundings = replace(surroundings, role=None, doubted_roles=(), posts=posts)
    one = RosterTable(
        sheet.name, header, columns, others, ticks, body, surroundings, returned, sheet.marks
    )
    return one, totals, merged_over_rows(sheet, columns)


class _List:
    """A list while its rows are judged."""

    def __init__(
        self,
        file: str,
        rules: StageRules,
        people: RegisteredPeople,
        tables: Sequence[RosterTable],
        merged: Sequence[set[tuple[int, str]]],
    ) -> None:
        self.file = file
        self.rules = rules
        self.registered = people
        self.tables = tables
        self.merged = merged
        self.unit = unit_of(rules.stage.unit)
        self.findings: list[UnplacedProblem] = []
        self.faults: list[tuple[int, Fault]] = []
        self.values: list[Said] = []
        self.bad: set[tuple[int, str]] = set()

    def read(self, notes: Sequence[SheetNote], totals: Sequence[Sequence[Total]]) -> WorkList:
        places = [(table, number) for table in self.tables for number, _row in table.body.people]
        rows = [row for table in self.tables for _number, row in table.body.people]
        merged = [own for own, table in zip(self.merged, self.tables, strict=True)
                  for _person in table.body.people]  # fmt: skip
        named = list(self._named())
        found: list[Payee | None] = []
        for position, (who, (table, number), row) in enumerate(
            zip(named, places, rows, strict=True)
        ):
            found.append(self._person(position, who))
            self.values.append(self._values(position, table, number, row, merged[position]))
        findings = [
            *(UnplacedProblem(place, *fault[:3]) for place, fault in self.faults),
            *check_several(self.tables),
            *check_marked(self.tables, STRUCK),
            *check_remarks(self.tables),
        ]
        variants = {(place, fault.code): fault.variant for place, fault in self.faults}
        if any(table.marks.unvalued for table in self.tables):
            findings = list(with_formulas(self.tables, findings, MISSING))
        findings += self._rules(found)
        findings += _repeated(found, places)
        uncompared = [
            (table.sheet, row)
            for place, (table, own) in enumerate(zip(self.tables, totals, strict=True))
            for row in self._compare(table, place, own)
        ]
        problems = [
            _problem(
                *places[one.position],
                one.field,
                one.code,
                one.parameters,
                variant=variants.get((one.position, one.code), ""),
            )
            for one in sorted(findings, key=lambda one: one.position)
        ]
        refused = {
            one.position
            for one, problem in zip(
                sorted(findings, key=lambda one: one.position), problems, strict=True
            )
            if problem.severity == "error"
        }
        work = [
            WorkRow(table.sheet, number, who.role, row, payee, self._line(position))
            for position, (who, (table, number), row, payee) in enumerate(
                zip(named, places, rows, found, strict=True)
            )
        ]
        return WorkList(
            file=self.file,
            stage=self.rules.stage,
            tables=tuple(self.tables),
            rows=tuple(row for place, row in enumerate(work) if place not in refused),
            quarantined=tuple(work[place] for place in sorted(refused)),
            skipped=tuple(
                (table.sheet, number, reason)
                for table in self.tables
                for number, reason in table.body.skipped
            ),
            problems=tuple(problems),
            notes=tuple(notes),
            uncompared=tuple(uncompared),
        )

    def _named(self) -> Iterator[Named]:
        """What each row says of who is meant."""
        cells = {
            field: self._column(field)
            for field in ("name", "identity", "payee_id", "role", "town", "area", "block")
        }
        ids: list[str] = []
        for table in self.tables:
            own = cells["payee_id"][len(ids) : len(ids) + len(table.body.people)]
            ids += ids_of([unless_nothing(words(cell)) for cell in own])
        for position, post in enumerate(read_posts(self.tables, cells)):
            identity = cells["identity"][position]
            yield Named(
                name=unless_nothing(person_name(cells["name"][position])),
                identity=unless_nothing(number_text(identity)),
                identity_cell=identity,
                payee_id=ids[position],
                role=post.role,
                post=self._post(position, post, cells),
            )

    def _post(self, position: int, post: Post, cells: Mapping[str, Sequence[Cell]]) -> Post:
        """The post without what nobody asked for; what cannot be read of it is a fault."""
        for finding in post.findings:
            if finding.code in NOT_ASKED:
                continue
            if finding.code == "town_unknown" and words(cells["town"][position]) == "":
                continue
            self.faults.append((position, Fault(finding.field, finding.code, finding.parameters)))
        return post

    def _column(self, field: str) -> list[Cell]:
        column: list[Cell] = []
        for table in self.tables:
            place = table.columns.get(field)
            rows = [row for _number, row in table.body.people]
            column += [""] * len(rows) if place is None else [row[place] for row in rows]
        return column

    def _person(self, position: int, who: Named) -> Payee | None:
        found = self.registered.find(who)
        if isinstance(found, Fault):
            self.faults.append((position, found))
            return None
        return found

    def _values(
        self,
        position: int,
        table: RosterTable,
        number: int,
        row: Sequence[Cell],
        merged: set[tuple[int, str]],
    ) -> Said:
        """What the row says by field; None where it says nothing, or nothing that can be read."""
        said: Said = {}
        for field in WORK:
            if field not in table.columns:
                continue
            said[field] = None
            if (number, field) in merged:  # guard: merged-work
                self.faults.append((position, Fault(field, CELL_MERGED)))
                self.bad.add((position, field))
                continue
            cell = row[table.columns[field]]
            try:
                is_quantity = field == QUANTITY
                said[field] = (
                    quantity_in(cell, self.unit) if is_quantity else amount_in(cell, field)
                )
            except BadValue as bad:
                parameters = {"unit": self.rules.stage.unit, "places": str(self.unit.places)}
                whole = "whole" if self.unit.places == 0 else ""
                self.faults.append((position, Fault(field, bad.code, parameters, whole)))
                self.bad.add((position, field))
        self._missing(position, table, row, said)
        return said

    def _missing(
        self,
        position: int,
        table: RosterTable,
        row: Sequence[Cell],
        said: Said,
    ) -> None:
        """What has to stand in the row and does not, and what contradicts the rest of it."""
        needed = {StageKind.PER_UNIT: QUANTITY, StageKind.LISTED: "amount"}.get(
            self.rules.stage.kind
        )
        if needed and said.get(needed) is None and (position, needed) not in self.bad:
            parameters = {"unit": self.rules.stage.unit}
            self.faults.append((position, Fault(needed, f"{needed}_missing", parameters)))
        deduction = said.get("deduction")
        reason = ""
        if "reason" in table.columns:
            reason = unless_nothing(plain_text(row[table.columns["reason"]]))
        if deduction and not reason:  # guard: deduction-with-reason
            self.faults.append((position, Fault("reason", "deduction_without_reason")))
        if reason and not deduction and (position, "deduction") not in self.bad:
            self.faults.append((position, Fault("deduction", "reason_without_deduction")))
        amount, net = said.get("amount"), said.get("net")
        if self.rules.stage.kind is StageKind.LISTED and amount is not None:
            if deduction and deduction > amount:  # guard: deduction-within-amount
                self.faults.append((position, Fault("deduction", "deduction_above")))
            elif net is not None and net != amount - (deduction or 0):  # guard: net-agrees
                self.faults.append((position, Fault("net", "net_other")))

    def _rules(self, found: Sequence[Payee | None]) -> Iterator[UnplacedProblem]:
        """People whose role is not paid in the stage, and amounts above what it is paid at most."""
        stage = self.rules.stage
        for position, payee in enumerate(found):
            if payee is None:
                continue
            rate = self.rules.rates.get(payee.role)
            if rate is None:  # guard: work-of-a-paid-role
                parameters = {"role": payee.role, "stage": stage.code}
                yield UnplacedProblem(position, "name", "role_without_rate", parameters)
                continue
            amount = self.values[position].get("amount")
            if stage.kind is not StageKind.LISTED:
                yield from self._computed(position, rate)
            # guard: amount-within-most
            if stage.kind is StageKind.LISTED and amount is not None and amount > rate.amount_fen:
                parameters = {"role": payee.role, "most": grouped(rate.amount_fen)}
                yield UnplacedProblem(position, "amount", "amount_above_most", parameters)

    def _computed(self, position: int, rate: RecordedRate) -> Iterator[UnplacedProblem]:
        """What is taken off, and what is said to be paid, against what the work comes to."""
        said, line = self.values[position], self._line(position)
        owed = amount_owed(rate, line)
        if owed is None:
            return
        gross_fen = owed.gross_fen + line.deduction_fen
        # guard: deduction-within-work
        if line.deduction_fen > gross_fen:
            yield UnplacedProblem(position, "deduction", "deduction_above")
        for field, due_fen in (("amount", gross_fen), ("net", owed.gross_fen)):
            stated = said.get(field)
            if stated is not None and stated != due_fen:  # guard: amount-as-computed
                parameters = {"due": grouped(due_fen)}
                yield UnplacedProblem(position, field, "amount_other", parameters)

    def _line(self, position: int) -> WorkDone:
        said, kind = self.values[position], self.rules.stage.kind
        quantity, amount, deduction = said.get(QUANTITY), said.get("amount"), said.get("deduction")
        counts = kind is StageKind.PER_UNIT and isinstance(quantity, Decimal)
        return WorkDone(
            format(Decimal(quantity or 0).normalize(), "f") if counts else "",
            amount if kind is StageKind.LISTED and isinstance(amount, int) else 0,
            deduction if isinstance(deduction, int) else 0,
        )

    def _compare(self, table: RosterTable, place: int, totals: Sequence[Total]) -> list[int]:
        before = sum(len(one.body.people) for one in self.tables[:place])
        numbers = [number for number, _row in table.body.people]
        own = dict(zip(numbers, self.values[before : before + len(numbers)], strict=True))
        counted = []
        for field in WORK:
            if field not in table.columns:
                continue
            counted.append(
                Counted(
                    field,
                    table.columns[field],
                    table.title_of(field),
                    {number: _decimal(said[field]) for number, said in own.items()},
                    all(
                        (position, field) not in self.bad
                        for position in range(before, before + len(own))
                    ),
                )
            )
        return check_totals(self.file, table.sheet, totals, counted, self.unit)


def _decimal(value: Decimal | int | None) -> Decimal:
    if value is None:
        return Decimal(0)
    return value if isinstance(value, Decimal) else yuan(value)


def _repeated(
    found: Sequence[Payee | None], places: Sequence[tuple[RosterTable, int]]
) -> Iterator[UnplacedProblem]:
    """Everybody who stands in several rows: nobody can know whether they add up."""
    rows: dict[str, list[int]] = {}
    for position, payee in enumerate(found):
        if payee is not None:
            rows.setdefault(payee.payee_id, []).append(position)
    several = len({table.sheet for table, _number in places}) > 1
    for positions in rows.values():
        if len(positions) < 2:
            continue
        for position in positions:  # guard: work-once
            others = [
                f"{table.sheet}!{number}" if several else str(number)
                for other in positions
                if other != position
                for table, number in [places[other]]
            ]
            yield UnplacedProblem(position, "name", "person_twice", {"others": "、".join(others)})


def _problem(
    table: RosterTable,
    row: int,
    field: str,
    code: str,
    parameters: Mapping[str, str],
    *,
    variant: str = "",
) -> Problem:
    """A problem of a row, under the words of what it is."""
    title = table.title_of(field)
    return WorkProblem(
        table.sheet, row, title, field, code, parameters, variant, words_of_messages()
    )
