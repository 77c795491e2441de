"""How the bank wants its file, made at the desk: tried on three made-up payments, then kept.

A profile is a file of its own in the books, and the settings name the two that are used. What is
kept was written as a bank file and read back by the reader that verifies bank files; a profile that
cannot carry a payment is never written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from ledger.base import durable
from ledger.base.books_folder import BANK_PROFILES
from ledger.base.books_folder import SETTINGS_FILE
from ledger.base.digests import Digest
from ledger.base.digests import digest
from ledger.base.language import gettext as _
from ledger.base.records import Record
from ledger.base.records import replace
from ledger.base.refusals import Refusal
from ledger.base.toml_edit import with_values
from ledger.base.toml_table import content_of
from ledger.base.toml_table import parse_toml
from ledger.books.books import Books
from ledger.books.settings import settings_in
from ledger.disbursement.bank_file_plan import OTHER_BANK
from ledger.disbursement.bank_file_plan import OWN_BANK
from ledger.disbursement.bank_file_plan import plan_bank_files
from ledger.disbursement.bank_profile import BankProfile
from ledger.disbursement.bank_profile import known_profiles
from ledger.disbursement.bank_profile import load_profile
from ledger.disbursement.bank_profile import read_profile
from ledger.disbursement.profile_text import profile_text
from ledger.model.ids import BatchId
from ledger.model.ids import FundCode
from ledger.model.ids import LineComponent
from ledger.model.ids import PayeeId
from ledger.model.ids import TownCode
from ledger.model.instructions import Instruction
from ledger.model.operators import Operator
from ledger.services.settings import NothingChanged
from ledger.services.settings import SettingsChanged
from ledger.services.settings import changed_lines
from ledger.services.settings import require_may_change
from ledger.services.unit_of_work import Work
from reports.bank.files import write_bank_files
from reports.bank.readback import ReadCell
from reports.bank.readback import check_bank_file
from reports.bank.readback import read_back

# The key of the settings by which the profile of a kind of payees is named.
USES = {OWN_BANK: "bank.own_profile", OTHER_BANK: "bank.other_profile"}
# A file's name on every system, and a word that is read at a glance.
NAME = re.compile(r"[a-z0-9\u4e00-\u9fff][a-z0-9\u4e00-\u9fff-]{0,39}")
_BATCH = BatchId("B2000-001")
# Nobody: the numbers are of no bank and no person.
_PEOPLE = (
    ("张三", "6200000000000000017", 80000),
    ("李四", "6200000000000000025", 123456),
    ("欧阳小样", "6200000000000000033", 5),
)


class ProfileNameUnfit(Refusal):
    """A name that cannot be a profile's."""

    def __init__(self, name: str) -> None:
        message = _(
            "{name} cannot name a profile: small letters, digits, hyphens and Chinese characters"
            " alone, at most 40"
        )
        super().__init__(message.format(name=name[:40]), name=name)


class ProfileExists(Refusal):
    """Another profile is called so."""

    def __init__(self, name: str) -> None:
        message = _("a profile is called {name} already: give yours another name")
        super().__init__(message.format(name=name), name=name)


class ProfileNotAsMeant(Refusal):
    """The text of a profile would be read as something else."""

    def __init__(self) -> None:
        super().__init__(_("the text would be read as something else than what was asked for"))


class WantedProfile(Record):
    """A profile as it is to be. ``edited`` is the name of the one that it takes the place of, empty
    for a new one; ``uses`` are the kinds of payees that it is for from now on.
    """

    profile: BankProfile
    edited: str = ""
    uses: Sequence[str] = ()


class Trial(Record):
    """Three made-up payments as the bank's file: its rows, as they were read back."""

    profile: BankProfile
    rows: Sequence[Sequence[ReadCell]]


class PlannedProfile(Record):
    """``text`` is the profile's file, empty where it stays as it is; ``lines`` are those that go
    and come in the settings.
    """

    trial: Trial
    text: str
    settings: bytes
    lines: tuple[str, ...]

    @property
    def digest(self) -> Digest:
        """Of both files: what was shown is what is written."""
        return digest(self.text.encode("utf-8") + b"\0" + self.settings)


def profiles_folder(books: Books) -> Path:
    """Where the books have profiles of their own."""
    return books.folder / BANK_PROFILES


def is_of_books(books: Books, name: str) -> bool:
    """Whether the books have this profile themselves."""
    known = known_profiles(profiles_folder(books))
    return name in known and known[name].parent == profiles_folder(books)


def try_out(books: Books, profile: BankProfile, use: str = OTHER_BANK) -> Trial:
    """Three made-up payments through the bank's file and back.

    Raises UnsendableInstruction or UnsendableRemark where the profile does not take them, and
    BankFileDiffers where the file would not say what was put in.
    """
    rows = _made_up(books, profile, use)
    remark = books.programme.bank.remark
    with TemporaryDirectory() as folder:
        (file,) = write_bank_files(Path(folder), rows, own=profile, other=profile, remark=remark)
        path = Path(folder, file.name)
        check_bank_file(path, profile, rows, remark)  # guard: profile-read-back
        return Trial(profile, read_back(path, profile))


def plan_profile(books: Books, operator: Operator | None, wanted: WantedProfile) -> PlannedProfile:
    """What would be written, proven. Nothing is written.

    Raises MayNotChangeSettings, ProfileNameUnfit, ProfileExists, NothingChanged, MalformedToml with
    the key that is wrong, or what :func:`try_out` raises.
    """
    operator = require_may_change(operator)
    profile, folder = wanted.profile, profiles_folder(books)
    known = known_profiles(folder)
    is_same = profile.name in known and _is_as_it_is(profile, folder)
    if not is_same:
        if not NAME.fullmatch(profile.name):  # guard: profile-name-fits
            raise ProfileNameUnfit(profile.name)
        of_books = is_of_books(books, profile.name)
        # guard: no-other-profile-replaced
        if profile.name in known and not (of_books and wanted.edited == profile.name):
            raise ProfileExists(profile.name)
    before = folder / f"{profile.name}.toml"
    heading = _comments(content_of(before)) if before.is_file() else _heading(operator, profile)
    text = profile_text(profile, heading)
    # guard: profile-as-meant
    if read_profile(profile.name, parse_toml(before.name, text)) != profile:
        raise ProfileNotAsMeant
    trials = [try_out(books, profile, use) for use in wanted.uses or (OTHER_BANK,)]
    settings = content_of(books.folder / SETTINGS_FILE)
    values = {USES[use]: profile.name for use in wanted.uses}
    changed = with_values(SETTINGS_FILE, settings, values) if values else settings
    settings_in(parse_toml(SETTINGS_FILE, changed))
    if is_same and changed == settings:
        raise NothingChanged
    return PlannedProfile(
        trials[0],
        "" if is_same else text,
        changed.encode("utf-8"),
        changed_lines(settings, changed),
    )


def keep_profile(work: Work, wanted: WantedProfile, expected: Digest) -> PlannedProfile:
    """Write what was shown: first the profile, then the settings that name it.

    Raises SettingsChanged, or what :func:`plan_profile` raises.
    """
    by = work.books.history.operators.get(work.acting.actor.operator)
    planned = plan_profile(work.books, by, wanted)
    # guard: profile-as-shown
    if planned.digest != expected:
        raise SettingsChanged(SETTINGS_FILE)
    folder = profiles_folder(work.books)
    if planned.text:
        durable.make_folder(folder)
        path = folder / f"{wanted.profile.name}.toml"
        durable.replace_file(path, planned.text.encode("utf-8"))
    if planned.lines:
        durable.replace_file(work.books.folder / SETTINGS_FILE, planned.settings)
    return planned


def _is_as_it_is(profile: BankProfile, folder: Path) -> bool:
    try:
        return load_profile(profile.name, folder) == profile
    except Refusal:
        return False


def _heading(operator: Operator, profile: BankProfile) -> str:
    return f"# {profile.title}（{operator.id} {operator.name}）\n"


def _comments(text: str) -> str:
    """The comments with which a file begins."""
    lines = []
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            break
        lines.append(line)
    return "\n".join(lines).strip("\n") + "\n" if "".join(lines).strip() else ""


def _made_up(books: Books, profile: BankProfile, use: str) -> list[Instruction]:
    own = use == OWN_BANK
    words = books.programme.bank.words
    bank = f"{words[0]}某支行" if own else "某某银行某支行"
    if profile.bank_codes:
        bank = profile.bank_codes[0][0]
    town = books.programme.towns[0]
    role = books.programme.role_names[0]
    rows = [
        Instruction(
            number=number,
            payee_id=PayeeId(f"P{number:06d}"),
            legal_name=name,
            bank_name=name,
            identity="",
            role=role,
            town=TownCode(town.code),
            town_name=town.name,
            area_name="",
            bank=bank,
            account=account,
            fund=FundCode("01"),
            line=LineComponent(""),
            amount_fen=amount_fen,
            reissue=False,
        )
        for number, (name, account, amount_fen) in enumerate(_PEOPLE, 1)
    ]
    whole = replace(profile, row_limit=max(profile.row_limit, len(rows)))
    return plan_bank_files(rows, own=whole, other=whole, own_words=words, batch=_BATCH)


Known = Mapping[str, BankProfile]


def profiles_known(books: Books) -> Known:
    """The profiles that can be read, by their names."""
    found = {}
    for name in known_profiles(profiles_folder(books)):
        try:
            found[name] = load_profile(name, profiles_folder(books))
        except Refusal:
            continue
    return found
