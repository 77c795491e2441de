-- Everything personal, in one encrypted file. Nothing is ever deleted.

-- Of a list of three numbers SQLite would make a table of its own for each row that is added.
create table payees (
    serial      integer primary key,
    legal_name  text not null,
    bank_name   text not null,
    identity    text not null,
    role        text not null,
    town        text not null,
    area        text not null,
    area_name   text not null,
    block       text not null,
    phone       text not null,
    bank        text not null,
    account     text not null,
    active      integer not null default 1 check (active between 0 and 2)
) strict;

-- Who is withdrawn (2) came by a roster that was taken back: her number may be somebody else's.
create unique index identities on payees (identity) where active <> 2;

-- Every file that was imported, byte for byte, under its digest.
create table originals (
    sha256      text primary key,
    name        text not null,
    kind        text not null,
    content     blob not null,
    imported_at text not null,
    imported_by text not null
) strict;

-- The rows of every batch as they were sent, its manifest and what it was printed by, each packed by
-- zlib and under the digest of itself that the batch's event records.
create table frozen_rows (
    sha256      text primary key,
    content     blob not null
) strict;

-- Of every month that was closed the report as it was printed, and its figures, under the digests that
-- the closing records.
create table closed_months (
    sha256      text primary key,
    content     blob not null
) strict;

-- The keys that the registry was under before, by their digests: whoever still has one of them gets
-- the new one in its place.
create table former_keys (
    sha256      text primary key
) strict;

-- Every event of the books: pending before it is given its name, certain after. Books that were put
-- back to an older state show by it, and so does an event that somebody else has written. While older
-- books are being accepted, 'lost' is what they do not have, and 'learnt' what only they have.
create table anchors (
    seq         integer not null,
    sha256      text not null,
    state       text not null check (state in ('pending', 'certain', 'lost', 'learnt')),
    primary key (seq, sha256)
) strict, without rowid;

-- The log: an entry for each transaction that has changed a record, with the digest of the entry before
-- it. The digest is SHA-256 of that, of the other columns but the signature, and of the entry's changes in
-- their order; the signature is that of whoever made them. The known event is the newest that was
-- certain then.
create table log_entries (
    number      integer primary key,
    previous    text not null,
    digest      text not null,
    by          text not null,
    at          text not null,
    known_event integer not null,
    signature   text not null
) strict;

-- Every change of a payee: from which file (or decision), sheet and row, and why. The field is
-- 'added' for a new payee, whose whole record is the new value, else the column's name. The change
-- counts from its day on, or from the first batch that was prepared after its entry's known event.
-- Of nobody are two: 'imported' begins the entry of a roster, and 'taken_back' that of taking it back.
create table changes (
    id          integer primary key,
    entry       integer not null references log_entries,
    serial      integer references payees,
    field       text not null,
    old         text not null,
    new         text not null,
    source      text not null references originals,
    sheet       text not null,
    row         integer not null,
    day         text not null,
    reason      text not null default ''
) strict;

create index changes_by_payee on changes (serial);

-- What files say of registered people, and what is not done before somebody has confirmed it. Without
-- a verdict it is open: one change at most of each payee's field. The entry is that of the log with
-- which it came, the closing entry that of the change, or of the other held change, which has closed it.
create table held_changes (
    id          integer primary key,
    serial      integer not null references payees,
    field       text not null,
    old         text not null,
    new         text not null,
    source      text not null references originals,
    sheet       text not null,
    row         integer not null,
    entry       integer not null,
    held_by     text not null,
    held_at     text not null,
    verdict     text not null default ''
        check (verdict in ('', 'confirmed', 'declined', 'overtaken', 'withdrawn')),
    reason      text not null default '',
    decided_by  text not null default '',
    decided_at  text not null default '',
    closing_entry integer not null default 0
) strict;

create unique index open_changes on held_changes (serial, field) where verdict = '';

pragma user_version = 5;
