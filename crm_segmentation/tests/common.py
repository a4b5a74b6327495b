from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class SegmentCase(TransactionCase):
    """Three companies with a reference of our own, and one person.

    Partner    Company?   ref
    alba       yes        SEG-ES
    brisa      yes        SEG-ES
    cierzo     yes        SEG-FR
    duna       no         SEG-ES
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, login='segment_manager', groups='sales_team.group_sale_manager'
        )
        cls.salesman = new_test_user(
            cls.env, login='segment_salesman', groups='sales_team.group_sale_salesman'
        )
        cls.alba, cls.brisa, cls.cierzo, cls.duna = cls.env['res.partner'].create(
            [
                {'name': 'Alba', 'is_company': True, 'ref': 'SEG-ES'},
                {'name': 'Brisa', 'is_company': True, 'ref': 'SEG-ES'},
                {'name': 'Cierzo', 'is_company': True, 'ref': 'SEG-FR'},
                {'name': 'Duna', 'is_company': False, 'ref': 'SEG-ES'},
            ]
        )
        cls.tag = cls.env['res.partner.category'].create({'name': 'Spain'})

    def create_segment(self, **values):
        """Create a segment of the manager; by default the Spanish companies."""
        return (
            self.env['crm.segment']
            .with_user(self.manager)
            .create(
                {
                    'name': 'Spanish companies',
                    'category_id': self.tag.id,
                    'domain': "[('ref', '=', 'SEG-ES')]",
                    'scope': 'companies',
                    **values,
                }
            )
        )

    def create_due_segment(self, **values):
        """Create a segment that the refresh takes, as one that somebody applied before."""
        return self.create_segment(**{'next_refresh': fields.Datetime.now(), **values})

    def open_partners(self, segment):
        """Return the partners that are members now."""
        return segment.sudo().membership_ids.filtered(lambda row: not row.date_out).partner_id

    def run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_segmentation.ir_cron_refresh_segments').method_direct_trigger()

    @classmethod
    def log_calls(cls, partner, *dates, **values):
        """Log held calls of a contact."""
        return cls.env['crm.call'].create(
            [
                {
                    'name': f'Call of {date}',
                    'partner_id': partner.id,
                    'date': date,
                    'state': 'held',
                    'direction': 'outbound',
                    **values,
                }
                for date in dates
            ]
        )

    @classmethod
    def win(cls, partner, *amounts, date='2026-05-01 10:00:00', **values):
        """Win an opportunity of a contact for each amount."""
        won = cls.env['crm.stage'].search([('is_won', '=', True)], limit=1)
        leads = cls.env['crm.lead'].create(
            [
                {
                    'name': f'Won {amount}',
                    'type': 'opportunity',
                    'partner_id': partner.id,
                    'expected_revenue': amount,
                    'stage_id': won.id,
                    **values,
                }
                for amount in amounts
            ]
        )
        leads.date_closed = date
        return leads

    def create_rule_segment(self, metric, *rules, **values):
        """Create a segment of our contacts with rules on a shipped metric.

        :param rules: (operator, value[, value to[, (period count, unit)]])
        """
        metric = self.env.ref(f'crm_segmentation.metric_{metric}')
        return self.create_segment(
            **{
                'domain': "[('ref', '=like', 'SEG-%')]",
                'scope': 'both',
                'rule_ids': [(0, 0, self.prepare_rule(metric, *rule)) for rule in rules],
                **values,
            }
        )

    def prepare_rule(self, metric, operator, value, value_to=0, period=(0, False)):
        return {
            'metric_id': metric.id,
            'operator': operator,
            'value': value,
            'value_to': value_to,
            'period_count': period[0],
            'period_unit': period[1],
        }
