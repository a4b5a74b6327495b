from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import SegmentCase


@tagged('post_install', '-at_install')
@freeze_time('2026-06-15 10:00:00')
class TestSegmentMailMetrics(SegmentCase):
    """A mailing to Alba and Brisa, and one to the address of Cierzo; Duna got none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'mailing.trace' not in cls.env:
            cls.skipTest(cls, 'Email Marketing is not installed')
        cls.manager.group_ids += cls.env.ref('mass_mailing.group_mass_mailing_user')
        for partner in cls.alba | cls.brisa | cls.cierzo:
            partner.email = f'{partner.name}@segment.example'
        cls.mailing = cls.env['mailing.mailing'].create(
            {
                'subject': 'Measured',
                'mailing_model_id': cls.env['ir.model']._get('res.partner').id,
                'mailing_domain': [('ref', '=', 'SEG-ES')],
            }
        )
        cls.contact = cls.env['mailing.contact'].create({'email': cls.cierzo.email})
        cls.trace(cls.alba, sent_datetime='2026-06-01', open_datetime='2026-06-02')
        cls.trace(cls.alba, sent_datetime='2025-06-01', open_datetime='2025-06-02')
        cls.trace(cls.brisa, sent_datetime='2026-06-01', trace_status='bounce')
        cls.trace(
            cls.contact,
            sent_datetime='2026-05-01',
            open_datetime='2026-05-01',
            links_click_datetime='2026-05-02',
            reply_datetime='2026-05-03',
        )
        cls.everybody = cls.alba | cls.brisa | cls.cierzo | cls.duna

    @classmethod
    def trace(cls, record, **values):
        """Note a mail of the mailing to a contact, or to a contact of a mailing list."""
        return cls.env['mailing.trace'].create(
            {
                'mass_mailing_id': cls.mailing.id,
                'model': record._name,
                'res_id': record.id,
                'email': record.email_normalized,
                'trace_status': 'sent',
                **values,
            }
        )

    def measure(self, metric, period=(0, False)):
        segment = self.create_rule_segment(metric, ('>=', 0, 0, period))
        told = segment._explain(self.everybody)
        return [told[partner.id][segment.rule_ids.id]['value'] for partner in self.everybody]

    def test_what_became_of_mailings_is_counted(self):
        self.trace(self.alba, sent_datetime='2026-06-01', is_test_trace=True)
        self.trace(self.duna, email='duna@segment.example', trace_status='cancel')
        for metric, values in (
            ('mailing_sent_count', [2, 1, 1, 0]),
            ('mailing_opened_count', [2, 0, 1, 0]),
            ('mailing_clicked_count', [0, 0, 1, 0]),
            ('mailing_answered_count', [0, 0, 1, 0]),
            ('mailing_bounced_count', [0, 1, 0, 0]),
        ):
            with self.subTest(metric=metric):
                self.assertEqual(self.measure(metric), values)
        self.assertEqual(self.measure('mailing_sent_count', (30, 'day')), [1, 1, 0, 0])

    def test_mail_to_a_contact_counts_for_nobody_else_with_the_address(self):
        self.duna.email = self.alba.email
        self.assertEqual(self.measure('mailing_sent_count'), [2, 1, 1, 0])
        self.alba.email = 'moved@segment.example'
        self.assertEqual(self.measure('mailing_sent_count'), [2, 1, 1, 0])

    def test_mail_to_an_address_counts_for_all_who_have_it(self):
        self.duna.email = f'"Duna" <{self.cierzo.email.upper()}>'
        self.assertEqual(self.measure('mailing_sent_count'), [2, 1, 1, 1])

    def test_whole_companies_count_each_mail_once(self):
        self.env['res.partner'].create(
            {'name': 'Office', 'parent_id': self.cierzo.id, 'email': self.cierzo.email}
        )
        segment = self.create_rule_segment('mailing_sent_count', ('>=', 0), roll_up=True)
        told = segment._explain(self.cierzo)[self.cierzo.id]
        self.assertEqual(told[segment.rule_ids.id]['value'], 1)

    def test_address_without_index_is_told(self):
        metric = self.env.ref('crm_segmentation.metric_mailing_sent_count')
        self.assertIn('no index', metric.warning)

    def test_who_opened_nothing_is_found(self):
        template = self.env.ref('crm_segmentation.crm_segment_template_unopened')
        action = template.with_user(self.manager).action_create_segments()
        segment = self.env['crm.segment'].browse(action['res_id']).with_user(self.manager)
        segment.action_apply()
        self.assertEqual(self.open_partners(segment) & self.everybody, self.brisa)

    def test_mail_is_measured_by_who_may_read_it(self):
        self.manager.group_ids -= self.env.ref('mass_mailing.group_mass_mailing_user')
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.measure('mailing_sent_count')
        template = self.env.ref('crm_segmentation.crm_segment_template_unopened')
        template = template.with_user(self.manager)
        self.assertFalse(template.is_available)
        with self.assertRaisesRegex(UserError, 'what you may not read'):
            template.action_create_segments()
