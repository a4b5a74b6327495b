from odoo import api, models
from odoo.exceptions import UserError


class ServiceCaseMixin(models.AbstractModel):
    """What comes of a private case is as private: nobody else of the customer's company reads it
    in another case, or hears of it by mail."""

    _inherit = 'service.case.mixin'

    @api.model_create_multi
    def create(self, vals_list):
        cases = super().create(vals_list)
        cases._unsubscribe_colleagues_of_contact()
        return cases

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {'is_private', 'partner_id'}:
            self._unsubscribe_colleagues_of_contact()
        return result

    def _unsubscribe_colleagues_of_contact(self):
        """Let nobody of the customer but the contact, and who it is shared with, follow."""
        # sudo: the contact says in the portal that it is private, and removes no followers
        for case in self.sudo().filtered('is_private'):
            colleagues = case.message_partner_ids.filtered(
                lambda partner, case=case: (
                    partner.partner_share
                    and partner.commercial_partner_id == case.commercial_partner_id
                )
            )
            strangers = colleagues - case.partner_id - case.shared_partner_ids
            case.message_unsubscribe(strangers.ids)

    # === MAIL === #

    def _is_customer_among(self, partners) -> bool:
        """Of a private case the contact alone is the customer."""
        is_hidden = self.is_private and self.partner_id not in partners
        return super()._is_customer_among(partners) and not is_hidden

    def _prepare_follow_up_values(self):
        return {**super()._prepare_follow_up_values(), 'is_private': self.is_private}

    # === MERGE === #

    def _check_merge(self, force):
        """Refuse to show one contact what is private to another, whoever forces it."""
        result = super()._check_merge(force)
        contacts = {case.partner_id or case.email_normalized for case in self}
        for case in self.filtered('is_private') if len(contacts) > 1 else ():
            raise UserError(
                self.env._(
                    '%(case)s is private and can only be merged with others of the same contact.',
                    case=case.display_name,
                )
            )
        return result

    def _merge_values(self, merged):
        result = super()._merge_values(merged)
        if any(merged.mapped('is_private')):
            self.is_private = True
        return result

    def _merge_followers(self, merged):
        result = super()._merge_followers(merged)
        self._unsubscribe_colleagues_of_contact()
        return result
