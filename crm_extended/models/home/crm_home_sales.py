from odoo import api, models


class CrmHome(models.AbstractModel):
    """The day of a salesperson. All its lists are read in one statement.

    Each subject adds its lists and its cards.
    """

    _inherit = 'crm.home'

    # === HOOKS === #

    @api.model
    def _get_home_roles(self):
        return super()._get_home_roles() | {
            'sales': {
                'title': self.env._('Sales'),
                'groups': 'sales_team.group_sale_salesman',
                'action': 'crm_extended.crm_home_action_sales',
                'sequence': 10,
            }
        }

    @api.model
    def _get_home_blocks(self, role):
        blocks = super()._get_home_blocks(role)
        if role != 'sales':
            return blocks
        found = self._find_home_records(self._get_home_sales_lists())
        return blocks + self._get_home_sales_blocks(found)

    @api.model
    def _get_home_sales_lists(self):
        """Return {key: (model, domain, order)} of what a salesperson's home lists; add to it."""
        return {}

    @api.model
    def _get_home_sales_blocks(self, found):
        """Return the cards of a salesperson's home; add to them.

        :param dict found: what was found of the lists of ``_get_home_sales_lists``
        """
        return []
