from . import capture, phone
