from __future__ import annotations

from email.utils import parseaddr

from odoo import api, models
from odoo.tools import email_normalize
from odoo.tools.mail import email_split

from odoo.addons.crm_extended.core.mail_signs import is_mass

from ...core.mail_senders import (
    get_author,
    get_author_candidates,
    get_domain,
    get_envelope,
    get_list_address,
    get_untagged,
    is_relayed,
)


class MailThread(models.AbstractModel):
    """Whom a mail to a service team is from, and for whom it came."""

    _inherit = 'mail.thread'

    @api.model
    def _get_further_recipients(self, heads, msg_dict) -> list[str]:
        """Return the addresses of ours that Odoo does not find: named by the server alone, or with
        something behind a plus."""
        envelope = get_envelope(heads)
        recipients = [address.lower() for address in email_split(msg_dict['recipients'] or '')]
        untagged = get_untagged([*recipients, *envelope])
        return self._find_own_addresses({*envelope, *untagged} - {*recipients})

    @api.model
    def _get_mail_author(self, heads, sender):
        """Return who wrote a mail: who stands in ``Reply-To`` of what a group or the form of a
        website passes on, else its sender."""
        name, address = parseaddr(sender or '')
        address = email_normalize(address, strict=False) or address
        own = self._find_own_addresses({address, *get_author_candidates(heads)})
        author = get_author(heads, address, own)
        if not author:
            return sender
        if address in own or self._is_own_domain(get_domain(address)):
            return sender if self._find_colleagues([address]) else author
        if is_mass(heads):
            return sender
        is_passed_on = is_relayed(heads, name, address) or self._is_strange(address, author)
        # who is outside does not speak for one of us, whatever he says
        is_ours = bool(self._find_colleagues([parseaddr(author)[1]]))
        return author if is_passed_on and not is_ours else sender

    @api.model
    def _is_strange(self, address: str, author: str) -> bool:
        """Tell a sender whom nobody knows and who wants the answer to go elsewhere."""
        elsewhere = get_domain(parseaddr(author)[1]) != get_domain(address)
        return elsewhere and not self._find_senders([address])

    @api.model
    def _is_by_own_list(self, heads) -> bool:
        """Tell what comes by a group that is an address of ours, as if it came to the address."""
        address = get_list_address(heads)
        return bool(address) and (
            bool(self._find_own_addresses({address})) or self._is_own_domain(get_domain(address))
        )

    # === WHO IS WHO === #

    @api.model
    def _find_own_addresses(self, addresses) -> list[str]:
        """Return those of the addresses that lead to this database."""
        return self.env['mail.alias.domain'].sudo()._find_aliases(list(addresses))

    @api.model
    def _is_own_domain(self, domain: str) -> bool:
        """Tell the domain of addresses of this database."""
        return bool(self.env['mail.alias.domain'].sudo().search_count([('name', '=', domain)]))

    @api.model
    def _find_senders(self, addresses):
        """Return the contacts that have one of the addresses."""
        # sudo: a mail is told by whoever wrote it, whoever may see him
        partners_sudo = self.env['res.partner'].sudo()
        return partners_sudo.search([('email_normalized', 'in', list(addresses))])

    @api.model
    def _find_colleagues(self, addresses):
        """Return the internal users who write from one of the addresses."""
        users_sudo = self._find_senders(addresses).user_ids
        return users_sudo.filtered(lambda user: user._is_internal())
