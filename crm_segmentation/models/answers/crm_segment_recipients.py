from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

MAILING = 'mailing.mailing'


class CrmSegment(models.Model):
    """Sends a mailing to the members, for who sends mailings."""

    _inherit = 'crm.segment'

    has_mailings = fields.Boolean(
        compute='_compute_has_mailings', help='The user may send mailings to the members.'
    )

    @api.depends_context('uid')
    def _compute_has_mailings(self):
        self.has_mailings = MAILING in self.env and self.env[MAILING].has_access('create')

    def action_send_mailing(self):
        """Open a new mailing to the members: whoever belongs when it is sent.

        :raise UserError: for who may not send mailings, or without Email Marketing
        """
        self.check_access('read')
        if not all(segment.has_mailings for segment in self):
            raise UserError(self.env._('Only users of Email Marketing send mailings to segments.'))
        self._check_recipients()
        domain = list(self._get_recipients_domain())
        model = self.env['ir.model'].sudo()._get('res.partner')
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Mailing'),
            'res_model': MAILING,
            'view_mode': 'form',
            'views': [(False, 'form')],
            'context': {
                'default_mailing_type': 'mail',
                'default_mailing_model_id': model.id,
                'default_mailing_domain': repr(domain),
            },
        }

    def _get_recipients_domain(self):
        """Return the domain of the members whom no suppression list keeps out."""
        domain = Domain('crm_segment_ids', 'in', self.ids)
        if lists := self.browse().union(*(one._get_suppression_lists() for one in self)):
            domain &= Domain('crm_segment_ids', 'not in', lists.ids)
        return domain

    def _check_recipients(self):
        """Refuse mailings to nobody, and to whom no mailing is to be sent.

        :raise UserError: naming the segment and what to do
        """
        for segment in self:
            if segment.is_suppression:
                raise UserError(
                    self.env._(
                        '"%(segment)s" is a suppression list: its members get no mailing.',
                        segment=segment.name,
                    )
                )
            if not segment.active or not segment.member_count:
                raise UserError(
                    self.env._(
                        'Nobody belongs to "%(segment)s": it is a draft, archived or empty. '
                        'Activate it before you send a mailing.',
                        segment=segment.name,
                    )
                )
