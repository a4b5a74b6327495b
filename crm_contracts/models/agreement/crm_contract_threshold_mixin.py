from odoo import api, fields, models
from odoo.exceptions import ValidationError


class CrmContractThresholdMixin(models.AbstractModel):
    """At which percentages of the prepaid units somebody is alerted; of contracts and templates."""

    _name = 'crm.contract.threshold.mixin'
    _description = 'Alert Thresholds of Prepaid Units'

    alert_thresholds = fields.Char(
        default='75,90,100',
        help='Percentages of the prepaid units, separated by commas, at which the account manager '
        'is alerted, once each in a term.',
    )

    @api.constrains('alert_thresholds')
    def _check_alert_thresholds(self):
        for record in self:
            try:
                valid = all(threshold > 0 for threshold in record._get_alert_thresholds())
            except ValueError:
                valid = False
            if not valid:
                raise ValidationError(
                    self.env._(
                        'The alert thresholds of "%(contract)s" are percentages separated by '
                        'commas, like 75,90,100.',
                        contract=record.display_name,
                    )
                )

    def _get_alert_thresholds(self):
        self.ensure_one()
        return [float(word) for word in (self.alert_thresholds or '').split(',') if word.strip()]
