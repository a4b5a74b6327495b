from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

SILENT = {'tracking_disable': True, 'mail_notrack': True, 'mail_create_nolog': True}


class ResPartner(models.Model):
    """Who a person was is forgotten, without losing counts.

    Documents stay, with their dates, amounts and states; what is about the person goes.
    """

    _inherit = 'res.partner'

    # === FORGETTING === #

    def _anonymise(self):
        """Forget who these people are; counts, dates, amounts and documents stay.

        :raise UserError: for who can log in
        :raise AccessError: for who is no sales administrator
        """
        self._check_crm_privacy()
        documents, traces = self._get_crm_personal_data(), self._get_crm_traces()
        messages = self._find_crm_personal_messages(documents)
        self._forget_files([*documents, *traces])
        self._forget_crm_merges()
        for records, _names in traces:
            records.exists().unlink()
        messages.write({'subject': False, 'body': '', 'email_from': False})
        messages.tracking_value_ids.filtered(_is_personal_change).unlink()
        for records, names in documents:
            _forget(records.with_context(**SILENT), names)
        self.sudo().with_context(**SILENT).active = False
        self._message_log_batch(
            {partner.id: self.env._('Who this was has been forgotten.') for partner in self}
        )

    def _check_crm_privacy(self):
        if not self.env.user.has_group('sales_team.group_sale_manager'):
            raise AccessError(self.env._('Only sales administrators may do this.'))
        self.check_access('write')
        users = self.with_context(active_test=False).user_ids
        if users:
            raise UserError(
                self.env._(
                    '%(people)s can log in: delete the users first.', people=users.mapped('name')
                )
            )

    @api.model
    def _forget_files(self, documents):
        domain = Domain.OR(
            Domain('res_model', '=', records._name) & Domain('res_id', 'in', records.ids)
            for records, _names in documents
        )
        self.env['ir.attachment'].sudo().search(domain & Domain('res_field', '=', False)).unlink()


def _is_personal_change(value):
    """Say whether a tracked change is about a person; those of stages and the like are counted."""
    field = value.field_id
    return field.ttype in ('char', 'text', 'html') or field.relation == 'res.partner'


def _forget(records, names):
    """Empty the fields; a name becomes one that tells nothing."""
    records.write({name: False for name in names if name != 'name'})
    if 'name' in names:
        for record in records:
            record.name = record.env._('Anonymous %s', record.id)
