from . import capture, phone, portal
from . import dashboard
from . import health
