"""How fast the addons are against Odoo's own way: pairs, in one process and one run."""
