from freezegun import freeze_time
from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import NOW, CrmExtendedCase

SEARCH_VIEWS = ('crm.view_crm_case_opportunities_filter', 'crm.view_crm_case_leads_filter')


@tagged('post_install', '-at_install')
class TestNextAction(CrmExtendedCase):
    """Wednesday 11 March. Deadlines of the activities of each opportunity:

    =========  ==============================
    overdue    9 March (this week), 11 March
    today      11 March, 20 March
    friday     13 March
    next_week  16 March
    long_ago   2 March, 12 March
    idle       --
    =========  ==============================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.overdue = cls._plan('2026-03-09', '2026-03-11')
        cls.today = cls._plan('2026-03-11', '2026-03-20')
        cls.friday = cls._plan('2026-03-13')
        cls.next_week = cls._plan('2026-03-16')
        cls.long_ago = cls._plan('2026-03-02', '2026-03-12')
        cls.idle = cls._plan()
        cls.leads = cls.overdue | cls.today | cls.friday | cls.next_week | cls.long_ago | cls.idle

    @classmethod
    def _plan(cls, *deadlines):
        lead = cls.env['crm.lead'].create(
            {'name': 'Plan', 'type': 'opportunity', 'user_id': cls.salesman.id}
        )
        for deadline in deadlines:
            lead.activity_schedule(
                'mail.mail_activity_data_todo',
                summary=f'Do it {deadline}',
                date_deadline=deadline,
                user_id=cls.salesman.id,
            )
        return lead

    def _filter(self, view_xmlid, name):
        arch = self.env['crm.lead'].get_view(self.env.ref(view_xmlid).id, 'search')['arch']
        node = etree.fromstring(arch).find(f".//filter[@name='{name}']")
        domain = safe_eval(node.get('domain'))
        leads = self.env['crm.lead'].with_user(self.salesman)
        return leads.search([*domain, ('id', 'in', self.leads.ids)])

    def test_filters_look_at_the_next_action(self):
        expected = {
            'crm_next_action_overdue': self.overdue | self.long_ago,
            'crm_next_action_today': self.today,
            'crm_next_action_week': self.overdue | self.today | self.friday,
            'crm_no_next_action': self.idle,
        }
        with freeze_time(NOW):
            for view in SEARCH_VIEWS:
                for name, leads in expected.items():
                    with self.subTest(view=view, filter=name):
                        self.assertEqual(self._filter(view, name), leads.sorted('id desc'))

    def test_list_shows_date_and_summary(self):
        self.assertEqual(str(self.long_ago.activity_date_deadline), '2026-03-02')
        self.assertEqual(self.long_ago.activity_summary, 'Do it 2026-03-02')
        arch = self.env['crm.lead'].get_view(self.env.ref('crm.crm_case_tree_view_oppor').id)
        for name in ('activity_date_deadline', 'activity_summary', 'referred'):
            self.assertIn(f'name="{name}"', arch['arch'])

    def test_referred_filter_finds_who_was_sent_by_somebody(self):
        self.friday.referred = 'Ana Vidal'
        self.today.referred = ''
        for view in SEARCH_VIEWS:
            self.assertEqual(self._filter(view, 'crm_referred'), self.friday)
        [(name, count)] = self.env['crm.lead']._read_group(
            [('id', '=', self.friday.id)], ['referred'], ['__count']
        )
        self.assertEqual((name, count), ('Ana Vidal', 1))

    def test_won_and_open_leads_are_told_apart(self):
        self.friday.action_set_won()
        self.idle.action_set_lost()
        view = 'crm.view_crm_case_leads_filter'
        self.assertEqual(self._filter(view, 'crm_won'), self.friday)
        self.assertNotIn(self.idle, self._filter(view, 'crm_open'))
        self.assertEqual(len(self._filter(view, 'crm_open')), 4)

    def test_customer_card_tells_won_lost_and_open_apart(self):
        self.leads.partner_id = self.contact
        self.friday.action_set_won()
        (self.idle | self.today).action_set_lost()
        for partner in (self.contact, self.company):
            card = partner.with_user(self.salesman)
            counts = (
                card.crm_opportunity_open_count,
                card.crm_opportunity_won_count,
                card.crm_opportunity_lost_count,
            )
            self.assertEqual(counts, (3, 1, 2))
            self.assertEqual(sum(counts), card.opportunity_count)
