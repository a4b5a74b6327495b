from markupsafe import Markup

from odoo import models

from ...core.mails import ANSWERED_BY_NOBODY

TOLD_ONE_BY_ONE = 5  # of more cases at once one message tells
LISTED = 50  # cases that such a message names


class ServiceCaseMixin(models.AbstractModel):
    """What colleagues read of new cases, in the language of the context."""

    _inherit = 'service.case.mixin'

    def _are_told_together(self) -> bool:
        return len(self) > TOLD_ONE_BY_ONE

    def _notify_of_new(self, partner_ids):
        """Tell of cases that are new in their teams, of many at once in one message."""
        if self._are_told_together():
            kind = self.env['ir.model']._get(self._name).name
            subject = self.env._('%(kind)s: %(count)s new', kind=kind, count=len(self))
            self._notify_of_many(partner_ids, subject)
            return
        for case in self:
            case.message_notify(
                partner_ids=partner_ids,
                subject=self.env._(
                    'New in %(team)s: %(case)s',
                    team=case.team_id.display_name,
                    case=case.display_name,
                ),
                body=case._get_new_body(),
                author_id=case.company_id.partner_id.id,
                email_from=case._get_email_sender(),
                mail_headers=ANSWERED_BY_NOBODY,
            )

    def _get_new_body(self):
        """Return what the case is, who has it, and what it says."""
        values = {
            'case': self.display_name,
            'customer': self.partner_id.display_name or self.email_from or '-',
            'team': self.team_id.display_name,
            'user': self.user_id.display_name,
        }
        sentence = (
            self.env._('%(case)s of %(customer)s: %(user)s of %(team)s looks after it.', **values)
            if self.user_id
            else self.env._('%(case)s of %(customer)s: nobody of %(team)s has it yet.', **values)
        )
        return Markup('<p>%s</p>%s') % (sentence, self.description or '')

    def _notify_of_many(self, partner_ids, subject):
        """Name the cases in one message, which belongs to none of them."""
        items = Markup().join(
            Markup('<li>%s</li>') % case._get_html_link() for case in self[:LISTED]
        )
        rest = len(self) - LISTED
        more = self.env._('and %(count)s more', count=rest) if rest > 0 else ''
        company = self[:1].company_id
        self.browse().message_notify(
            partner_ids=partner_ids,
            subject=subject,
            body=Markup('<ul>%s</ul>%s') % (items, more),
            author_id=company.partner_id.id,
            email_from=company.email_formatted,
            mail_headers=ANSWERED_BY_NOBODY,
        )
