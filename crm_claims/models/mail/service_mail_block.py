from __future__ import annotations

import re

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError, ValidationError
from odoo.tools.mail import email_normalize

from ...core.mail_senders import PROVIDERS, get_blocks, get_domain

DOMAIN = re.compile(r'[\w-]+(\.[\w-]+)+')


class ServiceMailBlock(models.Model):
    """An address or a domain whose mails to service teams open nothing: they are set aside."""

    _name = 'service.mail.block'
    _description = 'Blocked Sender'
    _order = 'name'

    name = fields.Char(
        string='Address or Domain',
        required=True,
        help='name@example.com, or example.com for everybody who writes from there and below it.',
    )
    note = fields.Char(string='Reason')

    _name_unique = models.Constraint('UNIQUE (name)', 'This sender is already blocked.')

    @api.constrains('name')
    def _check_name(self):
        for block in self:
            if not email_normalize(block.name) and not DOMAIN.fullmatch(block.name):
                raise ValidationError(
                    self.env._('%(name)s is neither an address nor a domain.', name=block.name)
                )
            if block.name in PROVIDERS:
                raise ValidationError(
                    self.env._(
                        'Everybody may write from %(domains)s. Block the address only.',
                        domains=block.name,
                    )
                )
            if block._is_ours():
                raise ValidationError(
                    self.env._('%(name)s is one of us and cannot be blocked.', name=block.name)
                )

    def _is_ours(self) -> bool:
        thread = self.env['mail.thread']
        is_colleague = bool(thread._find_colleagues([self.name]))
        return is_colleague or thread._is_own_domain(get_domain(self.name))

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean(vals))

    @api.model
    def _clean(self, vals):
        """Return the values with the bare address or domain, in small letters."""
        if not vals.get('name'):
            return vals
        words = vals['name'].strip().lower().removeprefix('@').removeprefix('*@')
        return {**vals, 'name': email_normalize(words) or words}

    # === WHO IS BLOCKED === #

    @api.model
    def _is_blocked(self, email) -> bool:
        address = email_normalize(email or '', strict=False)
        return bool(address) and address in self._find_blocked([address])

    @api.model
    def _find_blocked(self, addresses) -> set[str]:
        """Return those of the addresses that are blocked, themselves or with their domain."""
        blocks = {address: get_blocks(address) for address in addresses if address}
        names = {name for names in blocks.values() for name in names}
        if not names:
            return set()
        # sudo: whether a sender is blocked is no secret of the list
        found = set(self.sudo().search([('name', 'in', list(names))]).mapped('name'))
        return {address for address, names in blocks.items() if found.intersection(names)}

    @api.model
    def _block(self, names):
        """Block addresses or domains that are not blocked yet."""
        wanted = set(names)
        known = set(self.search([('name', 'in', list(wanted))]).mapped('name'))
        try:
            with self.env.cr.savepoint():
                return self.create([{'name': name} for name in sorted(wanted - known)])
        except UniqueViolation as error:
            # Somebody else blocked it at this moment, which is seen when this is tried again.
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _unblock(self, addresses):
        """Take off the list what blocks the addresses: what one blocked oneself, managers all.

        Refused with a UserError for what somebody else blocked.
        """
        names = {name for address in addresses if address for name in get_blocks(address)}
        blocks_sudo = self.sudo().search([('name', 'in', list(names))])
        foreign = blocks_sudo.filtered(lambda block: block.create_uid != self.env.user)
        if foreign and not self.env.user.has_group('crm_claims.crm_claims_group_manager'):
            raise UserError(
                self.env._(
                    'Somebody else blocked %(names)s. Ask a manager.', names=foreign.mapped('name')
                )
            )
        blocks_sudo.unlink()
