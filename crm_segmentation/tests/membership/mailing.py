"""What tests of mailing lists share: segments whose members subscribe to one."""

from odoo.tests import new_test_user

from ..common import SegmentCase


class SegmentMailingCase(SegmentCase):
    """Alba and Brisa are Spanish companies with an address, Cierzo is French, Duna has none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if 'mailing.list' not in cls.env:
            cls.skipTest(cls, 'Email Marketing is not installed')
        cls.marketer = new_test_user(
            cls.env,
            login='segment_marketer',
            groups='sales_team.group_sale_manager,mass_mailing.group_mass_mailing_user',
        )
        cls.alba.email = 'Alba <Hello@alba.example>'
        cls.brisa.email = 'brisa@example.com'
        cls.cierzo.email = 'cierzo@example.com'
        cls.list = cls.env['mailing.list'].create({'name': 'Spanish news'})
        cls.segment = cls._create_marketing_segment()

    @classmethod
    def _create_marketing_segment(cls, **values):
        return (
            cls.env['crm.segment']
            .with_user(cls.marketer)
            .create(
                {
                    'name': 'Spanish',
                    'domain': "[('ref', '=', 'SEG-ES')]",
                    'scope': 'companies',
                    'mailing_list_id': cls.list.id,
                    **values,
                }
            )
        )

    def _apply(self, segment=None):
        (segment or self.segment).action_apply()
        self._run_effects()

    def _run_effects(self):
        with self.enter_registry_test_mode():
            self.env.ref('crm_segmentation.ir_cron_segment_effects').method_direct_trigger()
        self.env.invalidate_all()

    def _subscribe_by_hand(self, address, **values):
        contact = self.env['mailing.contact'].create({'name': address, 'email': address})
        return self.env['mailing.subscription'].create(
            {'contact_id': contact.id, 'list_id': self.list.id, **values}
        )

    def _get_addresses(self, mailing_list=None):
        return sorted((mailing_list or self.list).contact_ids.mapped('email_normalized'))
