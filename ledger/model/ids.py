"""What things are called in the books, each a type of its own: no batch passes for a payee."""

from __future__ import annotations

from typing import NewType

# ``P000123`` and ``B2020-001``, ``I000012`` of a file that was taken in, and ``L`` with twelve hex
# digits of a line of a bank statement.
ImportId = NewType("ImportId", str)
PayeeId = NewType("PayeeId", str)
BatchId = NewType("BatchId", str)
BankLineId = NewType("BankLineId", str)

# The seal of a batch: sixteen hex digits.
Seal = NewType("Seal", str)

# ``01``, ``330182001`` and ``30226`` …
FundCode = NewType("FundCode", str)
TownCode = NewType("TownCode", str)
LineCode = NewType("LineCode", str)

# … and the components of accounts that begin with them: ``01本级财政``, ``30226劳务费``.
FundComponent = NewType("FundComponent", str)
TownComponent = NewType("TownComponent", str)
LineComponent = NewType("LineComponent", str)

# ``S1``: a stage in which people are paid.
StageCode = NewType("StageCode", str)
FIRST_STAGE = StageCode("S1")

# Where there is none: a bank line that is of no batch and of nobody, a document without a seal.
NO_BATCH = BatchId("")
NO_PAYEE = PayeeId("")
NO_SEAL = Seal("")
NO_TOWN = TownCode("")
NO_LINE = LineComponent("")
NO_STAGE = StageCode("")
