"""One module per addon; each lists its cases in ``CASES``."""

from . import crm_extended

CASES = [*crm_extended.CASES]
