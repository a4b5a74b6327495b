from __future__ import annotations

from odoo import fields, models
from odoo.exceptions import UserError


class ServiceTicket(models.Model):
    """What a ticket became: each other document is made once and then opened."""

    _inherit = 'service.ticket'

    claim_id = fields.Many2one(
        'service.claim',
        check_company=True,
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The claim that the ticket became.',
    )
    lead_id = fields.Many2one(
        'crm.lead',
        check_company=True,
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='set null',
        help='The lead that the ticket became.',
    )

    def action_convert_to_claim(self):
        """Open the claim that the ticket became, made the first time."""
        return self._convert('claim_id', self._prepare_claim_values)

    def action_convert_to_lead(self):
        """Open the lead that the ticket became, made the first time."""
        return self._convert('lead_id', self._prepare_lead_values)

    def _convert(self, field_name: str, prepare):
        """Make the document of a field unless there is one, leave a trace and open it.

        Another addon converts to its own document in the same way: a field and its values.
        """
        self.ensure_one()
        if not self[field_name]:
            self.check_access('write')
            self._check_convertible()
            document = self.env[self._fields[field_name].comodel_name].create(prepare())
            # sudo: what a ticket became is kept from being typed
            self.sudo()[field_name] = document
            if self._is_commercial_partner_model(document):
                document._keep_commercial_partner(self)
            self._log_conversion(document)
        return self[field_name].get_formview_action()

    def _check_convertible(self):
        if self.merged_into_id:
            raise UserError(
                self.env._(
                    '%(ticket)s was merged into %(survivor)s. Convert that one.',
                    ticket=self.display_name,
                    survivor=self.merged_into_id.display_name,
                )
            )

    def _log_conversion(self, document):
        label = self.env['ir.model']._get(document._name).name
        self._message_log(
            body=self.env._('%(kind)s made: %(link)s', kind=label, link=document._get_html_link())
        )
        document._message_log(
            body=self.env._('Made from the ticket %(link)s', link=self._get_html_link())
        )

    def _prepare_case_values(self):
        """Return what every document that a ticket becomes says about the matter."""
        self.ensure_one()
        return {
            'name': self.name,
            'partner_id': self.partner_id.id,
            'email_from': self.email_from,
            'phone': self.phone,
            'description': self.description,
            'medium_id': self.medium_id.id,
            'company_id': self.company_id.id,
        }

    def _prepare_claim_values(self):
        """Return the values of the claim; override to say more."""
        return {
            **self._prepare_case_values(),
            'team_id': self.team_id.id,
            'user_id': self.user_id.id,
            'category_id': self.category_id.id,
            'priority': self.priority,
            'tag_ids': [fields.Command.set(self.tag_ids.ids)],
        }

    def _prepare_lead_values(self):
        """Return the values of the lead; override to say more."""
        return {**self._prepare_case_values(), 'type': 'lead'}
