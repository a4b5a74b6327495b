"""Set-up tooling: a real Odoo with the four addons from a bare clone, in one command.

Standard library only, so that it runs before anything is installed.
"""
