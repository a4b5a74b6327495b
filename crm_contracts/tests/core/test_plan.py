from dataclasses import FrozenInstanceError, replace
from datetime import date
from unittest import TestCase

from crm_contracts.core.plan import Entry, Plan, read_entry

EURO, DOLLAR = 1, 2


def entry(contract_id=1, amount=100.0, day=1, **values):
    given = {
        'contract_id': contract_id,
        'kind': 'recurring',
        'date_due': date(2026, 3, day),
        'currency_id': EURO,
        'name': 'Support',
        'amount': amount,
    }
    return Entry(**{**given, **values})


def plan(*entries):
    return Plan(entries)


def by_contract(an_entry):
    return an_entry.contract_id


def to_cents(_currency_id, amount):
    return round(amount, 2)


class TestEntry(TestCase):
    def test_no_step_changes_an_entry(self):
        with self.assertRaises(FrozenInstanceError):
            entry().held = 'because'
        with self.assertRaises(FrozenInstanceError):
            plan(entry()).entries = ()

    def test_door_shows_what_an_entry_says(self):
        self.assertEqual(
            entry(quantity=2.0, price_unit=50.0, discount=5.0).as_dict(),
            {
                'contract_id': 1,
                'kind': 'recurring',
                'date_due': date(2026, 3, 1),
                'currency_id': EURO,
                'name': 'Support',
                'line_id': False,
                'period_start': False,
                'period_end': False,
                'product_id': False,
                'product_uom_id': False,
                'quantity': 2.0,
                'price_unit': 50.0,
                'discount': 5.0,
                'amount': 100.0,
                'held': '',
            },
        )

    def test_what_is_not_given_is_nothing(self):
        bare = entry(amount=0.0).as_dict()
        self.assertEqual([bare[name] for name in ('quantity', 'price_unit', 'discount')], [0.0] * 3)
        made = Entry(1, 'time', date(2026, 3, 1), EURO, 'Ada')
        self.assertEqual((made.amount, made.extra), (0.0, {}))

    def test_door_shows_items_and_units_where_there_are_any(self):
        shown = entry(
            item_ids=(5, 6), waits=False, state='covered', term_id=3, covered_quantity=0.0
        ).as_dict()
        said = ('item_ids', 'waits', 'state', 'term_id', 'covered_quantity')
        self.assertEqual([shown[name] for name in said], [[5, 6], False, 'covered', 3, 0.0])
        self.assertNotIn('billing_id', shown)
        self.assertEqual(entry(billing_id=9).as_dict()['billing_id'], 9)
        self.assertEqual(entry(item_ids=()).as_dict()['item_ids'], [])
        self.assertEqual(entry(tax_ids=(7,)).as_dict()['tax_ids'], [7])
        self.assertNotIn('tax_ids', shown)

    def test_entry_is_read_as_it_was_shown(self):
        for one in (
            entry(),
            entry(held='because', waits=True),
            entry(item_ids=(5, 6), term_id=3, covered_quantity=2.0, billing_id=9),
            entry(tax_ids=()),
            entry(tax_ids=(7, 8)),
            entry(extra={'task_id': 8}),
        ):
            with self.subTest(entry=one):
                self.assertEqual(read_entry(one.as_dict()), one)

    def test_what_others_add_stays(self):
        shown = {**entry().as_dict(), 'task_id': 8}
        read = read_entry(shown)
        self.assertEqual(read.extra, {'task_id': 8})
        self.assertEqual(read.as_dict(), shown)

    def test_entry_may_say_little(self):
        little = {
            'contract_id': 1,
            'kind': 'cost',
            'date_due': date(2026, 3, 1),
            'currency_id': EURO,
            'name': 'Licences',
            'item_ids': None,
            'tax_ids': None,
        }
        self.assertEqual(read_entry(little), Entry(1, 'cost', date(2026, 3, 1), EURO, 'Licences'))


class TestPlan(TestCase):
    def test_only_what_is_not_held_is_charged(self):
        free, held = entry(), entry(held='because')
        self.assertEqual(plan(free, held).charged, plan(free))
        self.assertEqual(Plan().charged, Plan())

    def test_covered_hours_come_on_no_invoice(self):
        covered, free, other = entry(state='covered'), entry(), entry(state='invoiced')
        self.assertEqual(plan(covered, free, other).invoiced, plan(free, other))

    def test_entries_are_completed_in_order(self):
        before = plan(entry(1), entry(2))
        after = before.complete(lambda one: replace(one, tax_ids=(one.contract_id,)))
        self.assertEqual([one.tax_ids for one in after.entries], [(1,), (2,)])
        self.assertEqual([one.tax_ids for one in before.entries], [None, None])

    def test_contracts_are_named_once_in_order(self):
        self.assertEqual(plan(entry(2), entry(1), entry(2)).contract_ids, (2, 1))

    def test_total_is_the_sum(self):
        self.assertEqual(plan(entry(amount=1.5), entry(amount=-0.25)).total, 1.25)
        self.assertEqual(Plan().total, 0)

    def test_somebody_solves_what_is_held_and_does_not_wait(self):
        mixed = plan(
            entry(1),
            entry(2, held='no rate'),
            entry(3, held='an order', waits=True),
            entry(4, held='closed', waits=False),
        )
        self.assertEqual(mixed.unsolved, {2: 'no rate', 4: 'closed'})
        self.assertEqual(plan(entry(1, waits=False)).unsolved, {})
        twice = plan(entry(2, held='no rate'), entry(2, held='no unit'))
        self.assertEqual(twice.unsolved, {2: 'no unit'})

    def test_items_are_bound_to_the_rows_of_their_entries(self):
        mixed = plan(entry(), entry(item_ids=(5, 6), billing_id=9), entry(item_ids=(7,)))
        self.assertEqual(mixed.rows_by_item, {5: 9, 6: 9, 7: None})

    def test_reasons_are_found_for_each_entry(self):
        first, second = entry(1), entry(2, held='known')
        held = plan(first, second).hold(lambda one: 'new' if one.contract_id == 1 else one.held)
        self.assertEqual([one.held for one in held.entries], ['new', 'known'])
        self.assertEqual([first.held, second.held], ['', 'known'], 'the former plan is as it was')

    def test_order_is_that_of_contracts_then_of_days(self):
        entries = [entry(1, day=9), entry(2, day=1), entry(1, day=2, name='a'), entry(1, day=2)]
        ordered = plan(*entries).sort([2, 1]).entries
        self.assertEqual(
            ordered, (entries[1], entries[2], entries[3], entries[0]), 'the same day as before'
        )

    def test_entries_that_share_an_invoice_are_together(self):
        a, b, c = entry(1), entry(2), entry(1, day=5)
        self.assertEqual(plan(a, b, c).group(by_contract), {1: plan(a, c), 2: plan(b)})
        self.assertEqual(list(plan(b, a).group(by_contract)), [2, 1], 'in the order of the plan')

    def test_new_rows_go_to_what_has_none_yet(self):
        again, first, second = entry(billing_id=7), entry(), entry(2)
        numbered = plan(first, again, second).with_rows([11, 12])
        self.assertEqual([one.billing_id for one in numbered.entries], [11, 7, 12])
        self.assertIsNone(first.billing_id)
        zero = plan(entry(billing_id=0)).with_rows([5])
        self.assertEqual(zero.entries[0].billing_id, 0, 'whatever number it has')


class TestBelowZero(TestCase):
    def held(self, *entries, key=by_contract, round_amount=to_cents):
        held = plan(*entries).hold_below_zero(key, round_amount, 'below zero')
        return [one.held for one in held.entries]

    def test_invoice_below_zero_is_held_back_whole(self):
        self.assertEqual(
            self.held(entry(1, 50.0), entry(2, 10.0), entry(1, -50.01)),
            ['below zero', '', 'below zero'],
        )

    def test_invoice_of_nothing_is_made(self):
        self.assertEqual(self.held(entry(1, 50.0), entry(1, -50.0)), ['', ''])
        self.assertEqual(self.held(entry(1, 0.0)), [''])
        self.assertEqual(self.held(entry(1, -0.004)), [''], 'it rounds to nothing')

    def test_amounts_are_rounded_in_their_currency(self):
        asked = []

        def in_whole(currency_id, amount):
            asked.append((currency_id, amount))
            return round(amount)

        self.assertEqual(
            self.held(entry(1, -0.4), entry(2, -0.6, currency_id=DOLLAR), round_amount=in_whole),
            ['', 'below zero'],
        )
        self.assertEqual(asked, [(EURO, -0.4), (DOLLAR, -0.6)])

    def test_what_is_held_already_keeps_its_reason_and_counts_for_nothing(self):
        self.assertEqual(self.held(entry(1, 50.0), entry(1, -80.0, held='closed')), ['', 'closed'])
        self.assertEqual(
            self.held(entry(1, -1.0), entry(1, 80.0, held='closed')), ['below zero', 'closed']
        )

    def test_invoices_are_not_looked_at_without_negative_amounts(self):
        def refuse(*_args):
            raise AssertionError('asked in vain')

        self.assertEqual(
            self.held(entry(1, 0.0), entry(2, 5.0), key=refuse, round_amount=refuse), ['', '']
        )
        self.assertEqual(
            self.held(entry(1, -5.0, held='closed'), key=refuse, round_amount=refuse), ['closed']
        )
