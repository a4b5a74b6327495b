"""The pictures of the manual and the store pages: what is taken, how, and where it goes."""

from .table import PICTURES, Picture

__all__ = ['PICTURES', 'Picture']
