"""Write the dashboards anew after a change of their declaration: ``python -m dev.dashboards``."""

from dev import console, paths

from . import DASHBOARDS
from .files import get_files

for path, text in get_files(DASHBOARDS).items():
    target = paths.ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding='utf-8')
    console.say(path)
