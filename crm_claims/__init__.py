from . import controllers, models, report, wizard
from .hooks import create_number_sequences, remove_number_sequences
