"""Where pictures are, and how they get small."""

from pathlib import Path

from PIL import Image

from dev import paths

FONT = paths.STATE / 'font'
FOLDER = paths.ROOT / 'docs' / 'images'
COLORS = 128


def get_path(language, name):
    return FOLDER / language / f'{name}.png'


def get_font():
    """Return the file of the upright letters, which make pictures has fetched."""
    return next(FONT.glob('**/Roboto[[]*.ttf'))


def save(image: Image.Image, path: Path):
    """Write a picture with few colours: flat screens lose nothing that is seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if image.mode == 'RGBA' and image.getextrema()[3][0] == 255:
        image = image.convert('RGB')
    method = Image.Quantize.FASTOCTREE if image.mode == 'RGBA' else Image.Quantize.MEDIANCUT
    small = image.quantize(COLORS, method=method, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
