from . import models
from .hooks import create_number_sequences, remove_number_sequences
