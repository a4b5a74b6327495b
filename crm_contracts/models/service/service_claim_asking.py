from markupsafe import Markup

from odoo import models

from odoo.addons.crm_extended.tools.numbers import format_number

ACTIVITY_TYPE = 'mail.mail_activity_data_todo'
BILLERS = 'account.group_account_invoice'


class ServiceClaimLine(models.Model):
    """Credits that an agent grants and somebody in accounting makes."""

    _inherit = 'service.claim.line'

    def _ask_for_document(self, maker):
        """Ask who makes the credit notes of the team, else who made the invoice."""
        if maker.model != 'account.move':
            return super()._ask_for_document(maker)
        asked = False
        for move, lines in self.grouped(lambda line: line._get_invoice_line().move_id).items():
            biller = lines.claim_id._get_biller(move)
            if move and biller:
                lines._ask_biller(move, biller)
                asked = True
        return asked

    def _ask_biller(self, invoice, biller):
        """Leave a to-do on the invoice, once: there the credit note is made by one button."""
        claim = self.claim_id
        if claim._get_credit_requests(invoice):
            return
        invoice.activity_schedule(
            ACTIVITY_TYPE,
            summary=self.env._('Credit for the claim %(number)s', number=claim.number),
            note=self._get_credit_note_text(),
            user_id=biller.id,
        )
        claim._message_log(
            body=self.env._(
                'Credit asked of %(user)s, on %(invoice)s',
                user=biller.name,
                invoice=invoice.display_name,
            )
        )

    def _get_credit_note_text(self):
        granted = [f'{format_number(self.env, line.quantity)} x {line.name}' for line in self]
        items = Markup().join(Markup('<li>%s</li>') % item for item in granted)
        intro = self.env._('Granted. "Credit the Claims" on this invoice makes the draft.')
        return Markup('<p>%s</p><ul>%s</ul>') % (intro, items)


class ServiceClaim(models.Model):
    _inherit = 'service.claim'

    def _get_credit_requests(self, invoice):
        """Return the to-dos on an invoice that ask for credits of the claims, in any language."""
        return invoice.activity_ids.filtered(
            lambda todo: any(claim.number in (todo.summary or '') for claim in self)
        )

    def _get_biller(self, invoice):
        """Return who is asked to make a credit note; override to ask others."""
        # sudo: who may make credit notes is nothing that agents read
        candidates = self.sudo().team_id.biller_id | invoice.sudo().create_uid
        return candidates.filtered(
            lambda user: (
                user.active and user.has_group(BILLERS) and self.company_id in user.company_ids
            )
        )[:1]
