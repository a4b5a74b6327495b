from odoo import Command
from odoo.tests import freeze_time, tagged

from ..common import CASE_MODELS
from .common import ServicePortalCommon


@tagged('post_install', '-at_install')
class TestCasePromises(ServicePortalCommon):
    """The repairs team answers in four hours and solves in eight, Madrid time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.repairs.calendar_id = cls.env['resource.calendar'].create(
            {
                'name': 'Workdays',
                'tz': 'Europe/Madrid',
                'attendance_ids': [
                    Command.create(
                        {
                            'name': str(day),
                            'dayofweek': str(day),
                            'hour_from': 9,
                            'hour_to': 17,
                            'day_period': 'morning',
                        }
                    )
                    for day in range(5)
                ],
            }
        )
        cls.repairs.shows_promises = True
        cls.lucia.tz = 'Europe/Madrid'
        cls.env['service.sla.policy'].search([]).active = False
        cls.env['service.sla.policy'].create(
            [
                {
                    'name': model_name,
                    'case_model': model_name,
                    'first_response_hours': 4,
                    'resolution_hours': 8,
                }
                for model_name in CASE_MODELS
            ]
        )

    def read_promises(self, case):
        # what time alone changes is not computed again within a transaction
        self.env.invalidate_all()
        return [
            (heading, sentence.replace('\u202f', ' '), color)
            for heading, sentence, color in case.with_user(self.lucia)._get_promises()
        ]

    def test_promise_and_its_state_are_told_in_plain_words(self):
        for model_name in CASE_MODELS:
            # Monday in winter: 9:00 in Madrid
            with freeze_time('2026-03-02 08:00:00'):
                case = self.create_case(model_name, partner_id=self.contact.id)
                self.assertEqual(
                    self.read_promises(case),
                    [
                        ('Answer', 'By 3/2/26, 1:00 PM', 'info'),
                        ('Solution', 'By 3/2/26, 5:00 PM', 'info'),
                    ],
                )
            with freeze_time('2026-03-02 13:00:00'):
                self.assertIn('We are late, sorry', self.read_promises(case)[0][1])
                case.action_solve()
            with freeze_time('2026-03-09 13:00:00'):
                self.assertEqual(
                    self.read_promises(case),
                    [
                        (
                            'Answer',
                            'On 3/2/26, 2:00 PM, later than promised (3/2/26, 1:00 PM)',
                            'secondary',
                        ),
                        ('Solution', 'On 3/2/26, 2:00 PM, in time', 'success'),
                    ],
                )

    def test_page_shows_promises_of_teams_that_want_it_alone(self):
        case = self.create_case(partner_id=self.contact.id)
        case.stage_id = self.stages['waiting']
        self.enter(self.lucia)
        self.assertIn('our time stands still', self.get(case.access_url).text)
        self.repairs.shows_promises = False
        self.assertFalse(self.read_promises(case))
        self.assertNotIn('o_service_promise', self.get(case.access_url).text)
