"""One name in two spellings: ``owner_unit`` in code and files, ``ownerUnit`` in JSON."""

from __future__ import annotations


def camel(name: str) -> str:
    """``owner_unit`` as ``ownerUnit`` (NL GOV API Design Rules, query-keys-camel-case)."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)
