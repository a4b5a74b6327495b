from odoo import models

READING_FORM = 'crm_contracts.account_move_view_form_reading'


class AccountMove(models.Model):
    """How documents of contracts are opened, by accountants and by those who only bill.

    Other addons list in the form of an invoice what they keep from salespeople, like the records of
    tax offices, and then the form cannot be opened at all. Who may read the invoice all the same
    gets a form of ours: what is charged, and what the customer sees.
    """

    _inherit = 'account.move'

    def get_formview_id(self, access_uid=None):
        """Choose the form that the user may open."""
        if self._can_open_crm_form(access_uid or self.env.uid):
            return super().get_formview_id(access_uid=access_uid)
        return self.env.ref(READING_FORM).id

    def _can_open_crm_form(self, uid):
        """Say whether a user may read all that the usual form of the documents lists."""
        documents = self.browse().with_user(uid)
        shown = documents.get_view(view_type='form')['models'][self._name]
        return all(
            documents.env[field.comodel_name].has_access('read')
            for field in map(self._fields.get, shown)
            if field.type == 'one2many'
            and not field.compute
            and documents._has_field_access(field, 'read')
        )

    def _get_crm_contract_action(self, xmlid):
        """Return the action that opens documents, or says that there are some now."""
        if not self or not self.has_access('read'):
            return self._get_crm_contract_notice()
        action = self.env['ir.actions.act_window']._for_xml_id(xmlid)
        action['context'] = {'create': False}
        if len(self) == 1:
            action.update({'view_mode': 'form', 'views': [(False, 'form')], 'res_id': self.id})
        else:
            action['domain'] = [('id', 'in', self.ids)]
        return self._put_crm_form(action)

    def _put_crm_form(self, action):
        """Return an action on documents, with the form that the user may open."""
        form_id = self.get_formview_id()
        action['views'] = [
            (form_id if kind == 'form' and form_id else view_id, kind)
            for view_id, kind in action['views']
        ]
        return action

    def _get_crm_contract_notice(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._('Drafts made: %(count)s.', count=len(self)),
                'type': 'success',
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }
