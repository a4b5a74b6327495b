from unittest import TestCase

from crm_extended.core.campaign import LeadGroup, Results, add_up, convert, divide, get_ratios

GROUPS = [
    LeadGroup('lead', 'pending', 5, 70.0),
    LeadGroup('lead', 'lost', 3, 40.0),
    LeadGroup('opportunity', 'won', 2, 500.0),
    LeadGroup('opportunity', 'won', 1, 100.0),
    LeadGroup('opportunity', 'lost', 1, 30.0),
]


def results(leads, won, revenue=0.0):
    return Results(leads, {'crm_won_count': won}, revenue)


class TestCampaign(TestCase):
    def test_leads_are_counted_by_what_they_are_and_what_came_of_them(self):
        self.assertEqual(
            add_up(GROUPS),
            Results(
                lead_count=12,
                counters={
                    'crm_opportunity_count': 4,
                    'crm_won_count': 3,
                    'crm_lost_count': 4,
                    'crm_open_count': 5,
                },
                won_revenue=600.0,
            ),
        )

    def test_groups_may_come_one_by_one(self):
        self.assertEqual(add_up(iter(GROUPS)), add_up(GROUPS))

    def test_campaign_without_leads_brought_nothing(self):
        nothing = add_up([])
        self.assertEqual((nothing.lead_count, nothing.won_revenue), (0, 0))
        self.assertEqual(set(nothing.counters.values()), {0})
        self.assertEqual(
            get_ratios(nothing, 0.0),
            {'conversion_rate': 0.0, 'cost_per_lead': 0.0, 'cost_per_won': 0.0, 'roi': 0.0},
        )

    def test_ratios_of_leads_cost_and_revenue(self):
        self.assertEqual(
            get_ratios(results(8, 2, 5000.0), 1000.0),
            {'conversion_rate': 0.25, 'cost_per_lead': 125.0, 'cost_per_won': 500.0, 'roi': 4.0},
        )

    def test_cost_without_a_win_is_a_loss(self):
        ratios = get_ratios(results(8, 0), 400.0)
        self.assertEqual((ratios['cost_per_won'], ratios['roi']), (0.0, -1.0))

    def test_win_without_a_cost_has_no_return(self):
        ratios = get_ratios(results(4, 1, 900.0), 0.0)
        self.assertEqual((ratios['conversion_rate'], ratios['roi']), (0.25, 0.0))

    def test_nothing_to_divide_by_is_zero(self):
        self.assertEqual((divide(3, 0), divide(3, 2), divide(0, 2)), (0.0, 1.5, 0.0))

    def test_amount_in_another_currency(self):
        rates = {1: 1.0, 2: 1.25, 3: 0.5}
        self.assertEqual(convert(100.0, rates, 1, 2), 125.0)
        self.assertEqual(convert(100.0, rates, 2, 3), 40.0)
        self.assertEqual(convert(100.0, rates, 2, 2), 100.0)
