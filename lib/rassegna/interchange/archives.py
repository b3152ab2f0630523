"""Zip archives that depend on nothing but what is in them."""

import io
import zipfile
from collections.abc import Mapping

_NEVER = (1980, 1, 1, 0, 0, 0)  # the first moment a zip can name, for every member


def archive(members: Mapping[str, bytes]) -> bytes:
    """A zip archive of some files, name to content, in their order and without a time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            member = zipfile.ZipInfo(name, date_time=_NEVER)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o644 << 16
            file.writestr(member, content)
    return buffer.getvalue()
