-- Everything personal, in one encrypted file. Nothing is ever deleted.

create table payees (
    serial      integer primary key,
    legal_name  text not null,
    bank_name   text not null,
    identity    text not null unique,
    role        text not null,
    town        text not null,
    area        text not null,
    area_name   text not null,
    block       text not null,
    phone       text not null,
    bank        text not null,
    account     text not null,
    active      integer not null default 1
) strict;

-- Every file that was imported, byte for byte, under its digest.
create table originals (
    sha256      text primary key,
    name        text not null,
    kind        text not null,
    content     blob not null,
    imported_at text not null,
    imported_by text not null
) strict;

-- The rows of every batch as they were sent, under the digest that the batch's event records.
create table frozen_rows (
    sha256      text primary key,
    content     blob not null
) strict;

-- The newest event of the books whenever the registry was written to: books that were put back to
-- an older state show by it.
create table known_events (
    seq         integer primary key,
    sha256      text not null
) strict;

-- Every change of a payee: from which file, sheet and row, by whom and when. The field is
-- 'added' for a new payee, else the column's name. The change counts from its day on, or from the
-- first batch that was prepared after the newest event that was known then.
create table changes (
    id          integer primary key,
    serial      integer not null references payees,
    field       text not null,
    old         text not null,
    new         text not null,
    source      text not null references originals,
    sheet       text not null,
    row         integer not null,
    changed_by  text not null,
    changed_at  text not null,
    day         text not null,
    known_event integer not null
) strict;

create index changes_by_payee on changes (serial);

pragma user_version = 2;
