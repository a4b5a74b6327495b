from . import capture, phone, portal
