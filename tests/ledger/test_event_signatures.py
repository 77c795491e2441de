"""The line of an event's signature: where it stands, and that nothing else can be hidden by it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.events.event_file import read_event_file
from ledger.events.signatures import read_signed
from ledger.events.signatures import signed
from ledger.events.signatures import with_signature
from ledger.keys.signing import Signer
from ledger.keys.signing import verify

SIGNER = Signer("O01", bytes(range(32)))
SIGNATURE = "ab" * 64
LINE = f'  signature: "{SIGNATURE}"\n'
HEADER = (
    '2020-11-10 custom "census-event" 5 "prepared" "B2020-001" 1 800.00 CNY\n'
    f'  previous: "{"0" * 64}"\n  by: "O01"\n'
)
ENTRY = (
    '2020-11-10 * "王建国" "两员补助 普查员" #census-subsidy ^B2020-001 ^P000001\n'
    '  payee-id: "P000001"\n  Assets:A  800.00 CNY\n  Assets:B  -800.00 CNY\n'
)
WHOLE = f"{HEADER}\n{ENTRY}"

lines = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n:"), min_size=1, max_size=30
).map(lambda text: f'  reason: "{text}"\n')
texts = st.tuples(st.lists(lines, max_size=4), st.lists(st.sampled_from([ENTRY, "; x\n"]))).map(
    lambda parts: "\n".join([HEADER + "".join(parts[0]), *parts[1]])
)


def is_signed(content: bytes, public: str) -> bool:
    """As the plugin asks of a file."""
    file = read_event_file(Path(), content)
    return verify(public, file.signed, file.signature)


@given(texts)
def test_what_was_signed_comes_back_whole(text: str) -> None:
    content = text.encode("utf-8")
    parts = read_signed(with_signature(content, SIGNATURE))
    assert parts is not None
    assert (parts.text, parts.signature) == (content, SIGNATURE)
    assert parts.digest == hashlib.sha256(content).digest()


def test_it_is_the_last_line_of_the_header() -> None:
    assert with_signature(HEADER.encode(), SIGNATURE).decode() == HEADER + LINE
    assert with_signature(WHOLE.encode(), SIGNATURE).decode() == f"{HEADER}{LINE}\n{ENTRY}"


@given(texts, st.data())
def test_a_byte_that_was_changed(text: str, data: st.DataObject) -> None:
    content = bytearray(signed(text.encode("utf-8"), SIGNER))
    assert is_signed(bytes(content), SIGNER.public)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert not is_signed(bytes(content), SIGNER.public)


@given(texts, st.data())
def test_a_line_that_was_put_in_or_taken_out(text: str, data: st.DataObject) -> None:
    rows = signed(text.encode("utf-8"), SIGNER).decode("utf-8").splitlines(keepends=True)
    place = data.draw(st.integers(0, len(rows) - 1))
    more = data.draw(st.sampled_from(["\n", "  \n", "; x\n", LINE, rows[place], '  by: "O02"\n']))
    put_in = "".join([*rows[:place], more, *rows[place:]])
    taken_out = "".join([*rows[:place], *rows[place + 1 :]])
    assert not is_signed(put_in.encode("utf-8"), SIGNER.public)
    assert not is_signed(taken_out.encode("utf-8"), SIGNER.public)


def test_another_signer() -> None:
    content = signed(WHOLE.encode("utf-8"), SIGNER)
    assert is_signed(content, SIGNER.public)
    assert not is_signed(content, Signer("O02", bytes(32)).public)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(WHOLE, id="none"),
        pytest.param(f"{HEADER}{LINE}{LINE}\n{ENTRY}", id="twice"),
        pytest.param(f"{HEADER}{LINE}\n{ENTRY}{LINE}", id="in an entry too"),
        pytest.param(f"{HEADER}\n{ENTRY}{LINE}", id="in an entry"),
        pytest.param(f'{HEADER}{LINE}  by: "O02"\n\n{ENTRY}', id="not the last line"),
        pytest.param(f"{HEADER}\n{LINE}\n{ENTRY}", id="after a blank line"),
        pytest.param(f'{HEADER}{LINE}\n{ENTRY}\tsignature:  "x"\n', id="another in other words"),
        pytest.param(f"{HEADER}{LINE}\n{ENTRY}  signature : 1\n", id="another of no text"),
        pytest.param(f"{HEADER} {LINE}\n{ENTRY}", id="indented otherwise"),
        pytest.param(f"{HEADER}{LINE.upper()}\n{ENTRY}", id="capitals"),
        pytest.param(f"{HEADER}{LINE.replace('ab', 'a', 1)}\n{ENTRY}", id="short"),
        pytest.param(f"{HEADER}{LINE}".rstrip("\n"), id="no end of line"),
        pytest.param(f"{HEADER}{LINE}\n{ENTRY}".replace("\n", "\r\n"), id="of another system"),
        pytest.param(f"{HEADER}{LINE}\n{ENTRY}\r", id="a lone return"),
        pytest.param(f"; x\n{HEADER}{LINE}\n{ENTRY}", id="something before the header"),
        pytest.param(f"{ENTRY}{LINE}\n{HEADER}", id="an entry first"),
        pytest.param(LINE, id="alone"),
        pytest.param("", id="empty"),
    ],
)
def test_what_has_not_one_signature_where_it_belongs(text: str) -> None:
    content = text.encode("utf-8")
    assert read_signed(content) is None
    assert not is_signed(content, SIGNER.public)


@pytest.mark.parametrize("text", ["", ENTRY, HEADER.rstrip("\n"), HEADER + LINE, HEADER + "\r\n"])
def test_what_cannot_be_signed_is_not(text: str) -> None:
    with pytest.raises(ValueError, match="signed"):
        with_signature(text.encode("utf-8"), SIGNATURE)


def test_signatures_are_looked_for_in_one_pass() -> None:
    """A file of blank lines and blanks takes no longer than its size asks for."""
    for filler in (b"\n", b" ", b"\n ", b"signature"):
        content = HEADER.encode() + LINE.encode() + b"\n" + filler * 2_000_000
        assert read_signed(content) is not None
