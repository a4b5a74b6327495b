from . import controllers, models, report, wizard
from .hooks import create_number_sequences, uninstall_hook
