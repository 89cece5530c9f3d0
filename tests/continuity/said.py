"""What a page says, without its tags."""

import re
from typing import Any


def text_of(response: Any) -> str:
    """What a page says, without its tags."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body)


def main_of(response: Any) -> str:
    return text_of(response).split("Skip to the content", 1)[-1]
