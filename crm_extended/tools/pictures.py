"""Pictures of strangers."""

import struct
from io import BytesIO

from PIL import Image

# More is no portrait, and takes too much memory to be looked at.
MAX_PIXELS = 50_000_000
# What the library raises on files that are broken.
_DAMAGES = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    struct.error,
    Image.DecompressionBombError,
)


def is_picture(content):
    """Tell whether the bytes are a picture that can be shown, down to its last line."""
    try:
        image = Image.open(BytesIO(content))
        if image.width * image.height > MAX_PIXELS:
            return False
        image.load()
    except _DAMAGES:
        return False
    return True
