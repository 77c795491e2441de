"""Papers of a batch to open and print, and its bank files once they are handed out."""

from __future__ import annotations

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as Answer

from ledger.base.books_folder import MANIFEST
from ledger.base.digests import digest
from ledger.base.language import mark
from ledger.base.language import page_gettext as _
from ledger.base.plain_files import read_plain
from ledger.books.batch_folder import listed_files
from ledger.books.batch_folder import place_of_files
from ledger.books.batch_lookup import find_batch
from ledger.books.restored_papers import is_paper
from ledger.books.restored_papers import read_restored
from ledger.model.ids import BatchId
from ledger.web.desk.desk import Desk
from ledger.web.desk.downloads import handed_out
from ledger.web.desk.routes import GET
from ledger.web.desk.routes import READERS_OF_BANK_FILES
from ledger.web.desk.routes import READERS_OF_PAPERS
from ledger.web.desk.routes import Route
from reports.documents import BANK_FILE

HELD = mark(
    "Until every approval is there, bank files are kept on this machine and not handed out."
)
NOT_FOR_ROLE = mark("Bank files are for clerks and cashiers only.")
NOT_AS_MADE = mark(
    "{name} is not as it was made and was not handed out: write files anew "
    "on the page of the batch, or void the batch and prepare it again."
)


def download(desk: Desk, batch: str, name: str) -> Answer:
    """A file of a batch, as the manifest has it."""
    books = desk.whole()
    found = find_batch(books, BatchId(batch))
    folder = books.folder / place_of_files(books, found)
    listed = {one["name"]: one for one in listed_files(folder)}
    # guard: papers-of-the-manifest
    if name not in listed:
        raise NotFound
    if listed[name]["kind"] == BANK_FILE:
        # guard: bank-files-once-approved
        if found.is_held or found.voided:
            return desk.sentence(
                _(HELD), 403, back=f"/disbursement/{batch}", name=_("Back to the batch")
            )
        # guard: bank-files-by-role
        if not desk.may(READERS_OF_BANK_FILES):
            return desk.sentence(
                _(NOT_FOR_ROLE), 403, back=f"/disbursement/{batch}", name=_("Back to the batch")
            )
    content, manifest = read_plain(folder / name), read_plain(folder / MANIFEST)
    due, now = str(listed[name]["sha256"]), digest(content)
    is_right = is_paper(name, now, due, read_restored(folder, found, books.history))
    # guard: papers-as-made
    if digest(manifest) != found.manifest or not is_right:
        sentence = _(NOT_AS_MADE).format(name=name)
        return desk.sentence(
            sentence, 409, back=f"/disbursement/{batch}", name=_("Back to the batch")
        )
    return handed_out(content, name)


ROUTES = (Route(GET, "/disbursement/<batch>/files/<name>", download, READERS_OF_PAPERS),)
