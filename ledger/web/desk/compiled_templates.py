"""Templates that were compiled stay so for the whole process, and never come to the disk."""

from __future__ import annotations

from types import CodeType

from jinja2.bccache import Bucket
from jinja2.bccache import BytecodeCache


class CompiledTemplates(BytecodeCache):
    """The code of templates by their names and what stands in them."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._code[bucket.key, bucket.checksum] = bucket.code


COMPILED = CompiledTemplates()
