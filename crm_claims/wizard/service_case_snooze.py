from dateutil.relativedelta import MO, relativedelta

from odoo import api, fields, models

DAYS = {
    'tomorrow': relativedelta(days=1),
    'three_days': relativedelta(days=3),
    'monday': relativedelta(days=1, weekday=MO),
    'month': relativedelta(months=1),
}


class ServiceCaseSnooze(models.TransientModel):
    """Ask until when claims or tickets are put aside."""

    _name = 'service.case.snooze'
    _description = 'Put Claims or Tickets Aside'
    _inherit = ['service.case.wizard']

    until = fields.Selection(
        [
            ('tomorrow', 'Tomorrow'),
            ('three_days', 'In three days'),
            ('monday', 'Next Monday'),
            ('month', 'In a month'),
            ('day', 'On another day'),
        ],
        required=True,
        default='tomorrow',
    )
    date = fields.Date(
        string='Day',
        compute='_compute_date',
        store=True,
        readonly=False,
        required=True,
        help='It comes back when this day begins for you.',
    )

    @api.depends('until')
    def _compute_date(self):
        today = fields.Date.context_today(self)
        for dialog in self:
            if dialog.until in DAYS:
                dialog.date = today + DAYS[dialog.until]

    def action_snooze(self):
        """Put the claims or tickets aside that the dialog was opened on."""
        self.ensure_one()
        return self._get_cases().action_snooze(self.date)
