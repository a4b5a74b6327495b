from odoo import models

from ...core.own_fields import CUSTOMER_KEY, CUSTOMER_USES


class Base(models.AbstractModel):
    """The definition of a property says what a customer has to do with it."""

    _inherit = 'base'

    def _additional_allowed_keys_properties_definition(self):
        return (*super()._additional_allowed_keys_properties_definition(), CUSTOMER_KEY)

    def _validate_properties_definition(self, properties_definition, field):
        result = super()._validate_properties_definition(properties_definition, field)
        for definition in properties_definition:
            use = definition.get(CUSTOMER_KEY)
            if use and use not in CUSTOMER_USES:
                raise ValueError(f'Wrong use of a property by customers: {use!r}')
        return result
