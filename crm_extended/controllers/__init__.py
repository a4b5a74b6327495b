from . import capture, phone, portal
from . import capture, dashboard, phone
