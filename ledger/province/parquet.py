"""Tables as Parquet files: what a province's own statisticians read them by."""

from __future__ import annotations

import io

from ledger.base.money import yuan
from ledger.province.tables import Kind
from ledger.province.tables import Table

# Yuan with two decimals; no float is in them.
_DIGITS = 18


def parquet_bytes(table: Table) -> bytes:
    """A table as a Parquet file. The same table gives the same bytes."""
    import polars as pl

    types = {
        Kind.TEXT: pl.String(),
        Kind.COUNT: pl.Int64(),
        Kind.MONEY: pl.Decimal(_DIGITS, 2),
    }
    columns = []
    for place, column in enumerate(table.columns):
        values = [row[place] for row in table.rows]
        if column.kind is Kind.MONEY:
            values = [yuan(int(value)) for value in values]  # type: ignore[misc]
        columns.append(pl.Series(column.name, values, dtype=types[column.kind], strict=True))
    content = io.BytesIO()
    pl.DataFrame(columns).write_parquet(content, compression="zstd", statistics=False)
    return content.getvalue()
