import unittest

from crm_extended.core.health import Finding, get_status, get_worst, tell_prometheus


class TestHealth(unittest.TestCase):
    def test_worst_speaks_for_all(self):
        self.assertEqual(get_worst(['good', 'act', 'look']), 'act')
        self.assertEqual(get_worst(['look', 'good']), 'look')
        self.assertEqual(get_worst([]), 'good')

    def test_only_what_wants_acting_calls_somebody(self):
        statuses = [get_status(state) for state in ('good', 'look', 'act')]
        self.assertEqual(statuses, [200, 200, 503])

    def test_each_finding_is_two_samples(self):
        findings = [
            Finding('mail.failed', 'mail', 'look', 4),
            Finding('server.proxy', 'server', 'good'),
        ]
        self.assertEqual(
            tell_prometheus(iter(findings)).splitlines(),
            [
                '# HELP crm_health_state good 0, look 1, act 2',
                '# TYPE crm_health_state gauge',
                'crm_health_state{check="mail.failed",area="mail"} 1',
                'crm_health_state{check="server.proxy",area="server"} 0',
                '# HELP crm_health_count how many there are',
                '# TYPE crm_health_count gauge',
                'crm_health_count{check="mail.failed",area="mail"} 4',
                'crm_health_count{check="server.proxy",area="server"} 0',
            ],
        )
        self.assertTrue(tell_prometheus(findings).endswith('\n'))
