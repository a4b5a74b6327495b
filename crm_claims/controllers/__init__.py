from . import forms, portal
