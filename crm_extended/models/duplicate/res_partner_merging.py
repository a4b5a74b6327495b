from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.tools import is_html_empty

# One address, not the street of one contact in the town of another.
ADDRESS = ('street', 'street2', 'zip', 'city', 'state_id', 'country_id')

# What nobody noted on a contact, or is told otherwise.
_NOT_CHOSEN = frozenset(('active', 'color', 'signup_type', *LOG_ACCESS_COLUMNS))
_NOT_CHOSEN_TYPES = frozenset(
    ('one2many', 'many2many', 'binary', 'image', 'json', 'datetime', 'properties', 'reference')
)


class ResPartner(models.Model):
    """Contacts whose merges can be seen before, and undone."""

    _inherit = 'res.partner'

    crm_merge_ids = fields.One2many(
        comodel_name='crm.duplicate.merge',
        inverse_name='partner_id',
        string='Merges',
        groups='sales_team.group_sale_manager',
    )

    def action_undo_merge(self):
        """Undo the last merge into each of the contacts: the merged ones return.

        They have their ids, their values and all that was theirs. What was edited on the contact
        or added to it since stays. Refused with a UserError where there is no merge to undo.
        """
        merges = self.env['crm.duplicate.merge']
        for contact in self:
            merge = contact.crm_merge_ids.filtered(lambda merge: merge.state == 'done')[:1]
            if not merge:
                raise UserError(
                    self.env._(
                        'There is no merge to undo on "%(contact)s".', contact=contact.display_name
                    )
                )
            merges |= merge
        return merges.action_undo()

    def _forget_crm_merges(self):
        """Forget of whom these contacts were made and by what they are found, as who they are."""
        # sudo: with the snapshots, which are kept from users
        merges_sudo = self.sudo().crm_merge_ids
        files = [('res_model', '=', merges_sudo._name), ('res_id', 'in', merges_sudo.ids)]
        self.env['ir.attachment'].sudo().search(files).unlink()
        merges_sudo.unlink()
        self.env['crm.duplicate.contact'].sudo()._forget(self.ids)

    def _check_crm_merge(self):
        """Refuse with a UserError to merge these into another; override it to refuse more."""

    def _get_crm_merge_survivor(self):
        """Return the contact that stays: one with a user, else an active one, else the oldest."""
        # sudo: whether somebody logs in as a contact, not who
        known = self.sudo().with_context(active_test=False).filtered('user_ids').ids
        return self.sorted(
            lambda contact: (
                contact.id not in known,
                not contact.active,
                contact.create_date,
                contact.id,
            )
        )[:1]

    @api.model
    def _get_crm_merge_fields(self):
        """Return the names of the fields of which a merge keeps one value that a person noted."""
        return [
            name
            for name, field in self._fields.items()
            if field.store
            and name not in _NOT_CHOSEN
            and field.type not in _NOT_CHOSEN_TYPES
            and not (field.compute and field.readonly)
        ]

    @api.model
    def _get_crm_merge_told(self):
        """Return ``{model: column}`` of what the preview of a merge counts; addons extend it.

        Whatever else hangs on the contacts moves, too.
        """
        return {
            'crm.lead': 'partner_id',
            'crm.call': 'partner_id',
            'mail.message': 'res_id',
            'mail.activity': 'res_id',
            'ir.attachment': 'res_id',
        }

    def _prepare_crm_merge_values(self, losers, choice):
        """Return what the survivor is to have otherwise than Odoo's merge would leave it.

        Odoo keeps the survivor's own values and fills its gaps, here with the first value that
        there is. But an address stays whole, the notes of all are kept, and a contact of all
        companies does not become one's alone.

        :param choice: ``{field: contact of which the value stays}``
        """
        contacts = self | losers
        names = self._get_crm_merge_fields()
        taken = {name: losers.filtered(name)[:1] for name in names if not self[name]}
        taken.update(dict.fromkeys(ADDRESS, contacts._get_crm_merge_address()))
        taken.update(company_id=self, **choice)
        values = {
            name: self._fields[name].convert_to_write(contact[name], contact)
            for name, contact in taken.items()
            if name in names and contact in contacts
        }
        if 'comment' not in choice:
            notes = contacts.filtered(lambda contact: not is_html_empty(contact.comment))
            values['comment'] = Markup().join(dict.fromkeys(notes.mapped('comment'))) or False
        return values

    def _apply_crm_merge_values(self, values):
        """Write what is not so already: whatever follows a change has nothing to do then."""
        changed = {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }
        if changed:
            self.write(changed)

    def _get_crm_merge_address(self):
        """Return whose address stays: the first one's, if it has any, else the fullest."""
        if any(self[:1][name] for name in ADDRESS):
            return self[:1]
        return max(self, key=lambda contact: sum(bool(contact[name]) for name in ADDRESS))
