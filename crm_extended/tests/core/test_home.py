from unittest import TestCase

from crm_extended.core.home import (
    TONES,
    Block,
    Button,
    Part,
    Row,
    Search,
    get_most_urgent,
    get_part_of_day,
    get_percent,
)


class TestBlock(TestCase):
    def test_card_is_told_whole_with_what_is_in_it(self):
        button = Button('Held', model='crm.call', method='action_hold', ids=(7,))
        block = Block(
            key='calls',
            sequence=10,
            title='Calls',
            icon='fa-phone',
            count=1,
            rows=(Row(7, 'crm.call', 'Offer', href='tel:+34600', buttons=(button,)),),
            parts=(Part('Calls', 1, {'res_model': 'crm.call'}),),
            search=Search('res.partner', 'action_log_crm_call', 'Whom?'),
        ).as_dict()
        self.assertEqual(
            block['rows'],
            [
                {
                    'id': 7,
                    'model': 'crm.call',
                    'name': 'Offer',
                    'detail': '',
                    'when': '',
                    'tone': 'muted',
                    'href': 'tel:+34600',
                    'buttons': [
                        {
                            'label': 'Held',
                            'icon': '',
                            'model': 'crm.call',
                            'method': 'action_hold',
                            'ids': [7],
                            'href': None,
                            'primary': False,
                        },
                    ],
                },
            ],
        )
        part = {'label': 'Calls', 'count': 1, 'action': {'res_model': 'crm.call'}, 'tone': 'muted'}
        self.assertEqual(block['parts'], [part])
        self.assertEqual(block['search']['method'], 'action_log_crm_call')

    def test_card_says_nothing_that_it_was_not_told(self):
        block = Block(key='calls', sequence=10, title='Calls', icon='fa-phone').as_dict()
        said = {name: value for name, value in block.items() if value}
        self.assertEqual(
            said,
            {
                'key': 'calls',
                'sequence': 10,
                'title': 'Calls',
                'icon': 'fa-phone',
                'tone': 'muted',
            },
        )
        for name in ('count', 'value', 'percent', 'action', 'search'):
            self.assertIsNone(block[name])


class TestFigures(TestCase):
    def test_percent_stays_between_nothing_and_all(self):
        for reached, wanted, percent in (
            (0, 200, 0),
            (50, 200, 25),
            (199.9, 200, 99),
            (200, 200, 100),
            (300, 200, 100),
            (-10, 200, 0),
            (10, 0, None),
            (10, -5, None),
            (1, 0.5, 100),
        ):
            with self.subTest(reached=reached, wanted=wanted):
                self.assertEqual(get_percent(reached, wanted), percent)

    def test_most_urgent_tone_is_that_of_the_card(self):
        self.assertEqual(TONES, ('danger', 'warning', 'success', 'info', 'muted'))
        for tones, expected in (
            (['muted', 'warning', 'danger'], 'danger'),
            (['muted', 'info', 'success'], 'success'),
            (iter(['info']), 'info'),
            ([], 'muted'),
        ):
            self.assertEqual(get_most_urgent(tones), expected)

    def test_people_are_greeted_by_their_clocks(self):
        for hour, part in (
            (0, 'evening'),
            (4, 'evening'),
            (5, 'morning'),
            (11, 'morning'),
            (12, 'afternoon'),
            (18, 'afternoon'),
            (19, 'evening'),
            (23, 'evening'),
        ):
            with self.subTest(hour=hour):
                self.assertEqual(get_part_of_day(hour), part)
