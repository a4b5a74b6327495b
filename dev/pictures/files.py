"""Where pictures are, and how they get small."""

from pathlib import Path

from PIL import Image

from dev import paths

FONT = paths.STATE / 'font'
FOLDER = paths.ROOT / 'docs' / 'images'
COLORS = 256
EXACT = 192


def get_path(language, name):
    return FOLDER / language / f'{name}.png'


def get_font():
    """Return the file of the upright letters, which make pictures has fetched."""
    return next(FONT.glob('**/Roboto[[]*.ttf'))


def save(image: Image.Image, path: Path):
    """Write a picture in 256 colours: those of large areas exactly, and the rare ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if image.mode == 'RGBA' and image.getextrema()[3][0] == 255:
        image = image.convert('RGB')
    if image.mode == 'RGBA':
        small = image.quantize(COLORS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    else:
        small = _reduce(image)
    small.save(path, optimize=True)


def _reduce(image):
    rest = image.quantize(
        COLORS - EXACT, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    counted = sorted(image.getcolors(image.width * image.height), reverse=True)[:EXACT]
    places = {color: COLORS - EXACT + place for place, (_count, color) in enumerate(counted)}
    pixels = zip(image.getdata(), rest.getdata(), strict=True)
    small = Image.frombytes(
        'P', image.size, bytes(places.get(exact, near) for exact, near in pixels)
    )
    palette = rest.getpalette()[: 3 * (COLORS - EXACT)]
    palette += [0] * (3 * (COLORS - EXACT) - len(palette))
    small.putpalette([*palette, *(part for color in places for part in color)])
    return small
