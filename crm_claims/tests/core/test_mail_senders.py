from unittest import TestCase

from crm_claims.core.mail_senders import (
    AUTHORS,
    ENVELOPES,
    PROVIDERS,
    SUBJECT_SIZE,
    WORDS,
    get_author,
    get_author_candidates,
    get_blocks,
    get_domain,
    get_envelope,
    get_list_address,
    get_numbers,
    get_untagged,
    is_relayed,
)

WEB = 'web@shop.example'


class TestAuthors(TestCase):
    def test_who_stands_in_the_surest_head_wrote(self):
        heads = {name: [f'{number}@x.example'] for number, name in enumerate(AUTHORS)}
        self.assertEqual(get_author(heads, WEB, ()), '0@x.example')
        self.assertEqual(
            get_author({'reply-to': ['Ana <Ana@X.example>']}, WEB, ()), '"Ana" <ana@x.example>'
        )
        self.assertEqual(AUTHORS[-1], 'reply-to')

    def test_neither_the_sender_nor_one_of_ours_is_somebody_else(self):
        heads = {'reply-to': ['Web@Shop.example, help@ours.example, nobody, b@x.example']}
        self.assertEqual(
            get_author(heads, 'WEB@shop.example', ['help@ours.example']), 'b@x.example'
        )
        self.assertIsNone(get_author({'reply-to': [WEB]}, WEB, ()))
        self.assertIsNone(get_author({}, WEB, ()))
        self.assertEqual(get_author_candidates(heads), {WEB, 'help@ours.example', 'b@x.example'})

    def test_what_passes_on_what_others_wrote(self):
        for heads, name, address in (
            ({'x-original-from': ['x']}, '', 'ana@x.example'),
            ({'x-original-sender': ['x']}, '', 'ana@x.example'),
            ({}, "'Ana' via Soporte", 'soporte@x.example'),
            ({}, 'Ana vía Soporte', 'soporte@x.example'),
            ({}, '', 'noreply@x.example'),
            ({}, '', 'no-reply@x.example'),
            ({}, '', 'do-not-reply@x.example'),
            ({}, '', 'web@x.example'),
            ({}, '', 'wordpress@x.example'),
            ({}, '', 'www-data@x.example'),
            ({}, '', 'formulario@x.example'),
            ({}, '', 'notifications@x.example'),
        ):
            with self.subTest(name=name, address=address):
                self.assertTrue(is_relayed(heads, name, address))

    def test_people_pass_on_nothing(self):
        for name, address in (
            ('Ana Via', 'ana@x.example'),
            ('Via', 'ana@x.example'),
            ('Ana', 'webster@x.example'),
            ('Ana', 'formentera@x.example'),
        ):
            with self.subTest(name=name, address=address):
                self.assertFalse(is_relayed({'reply-to': ['b@x.example']}, name, address))


class TestAddresses(TestCase):
    def test_domain_is_what_follows_the_at(self):
        self.assertEqual(get_domain('Ana@Shop.Example'), 'shop.example')
        self.assertEqual(get_domain('nobody'), 'nobody')

    def test_list_is_at_its_address(self):
        for value, address in (
            ('Help <Help.Shop.example>', 'help@shop.example'),
            ('<help.shop.example>', 'help@shop.example'),
            ('help', None),
            ('<help>', None),
        ):
            self.assertEqual(get_list_address({'list-id': [value]}), address)
        self.assertIsNone(get_list_address({}))
        self.assertEqual(get_list_address({'list-id': ['x', '<a.b.c>']}), 'a@b.c')

    def test_envelope_names_for_whom_a_mail_came(self):
        for name in ENVELOPES:
            self.assertEqual(get_envelope({name: ['<A@b.example>']}), ['a@b.example'])
        self.assertEqual(get_envelope({'to': ['a@b.example'], 'envelope-to': ['nobody']}), [])

    def test_what_follows_a_plus_is_left_out(self):
        addresses = ['help+shop@x.example', 'help@x.example', '+a@x.example', 'a+b+c@x.example']
        self.assertEqual(get_untagged(addresses), ['help@x.example', 'a@x.example'])
        self.assertEqual(get_untagged(['help+@x.example', 'help+shop']), ['help@x.example'])

    def test_blocked_by_address_or_any_domain_above_it(self):
        self.assertEqual(
            get_blocks('Ana@Mail.Shop.example'),
            ['ana@mail.shop.example', 'mail.shop.example', 'shop.example'],
        )
        self.assertIn('gmail.com', PROVIDERS)
        self.assertTrue(all('.' in name and name == name.lower() for name in PROVIDERS))


class TestNumbers(TestCase):
    def test_numbers_are_words_with_digits(self):
        for subject, numbers in (
            ('RE: [TCK/2026/00012] The press', ['TCK/2026/00012']),
            ('TCK/2026/00012: the press', ['TCK/2026/00012']),
            ('(CLM-7), CLM-7.', ['CLM-7']),
            ('"#A1"', ['A1']),
            ('no number', []),
            ('', []),
        ):
            with self.subTest(subject=subject):
                self.assertEqual(get_numbers(subject), numbers)

    def test_not_too_many_are_looked_for(self):
        self.assertEqual(len(get_numbers(' '.join(f'n{number}' for number in range(50)))), WORDS)
        self.assertEqual(WORDS, 20)
        self.assertEqual(get_numbers('x' * SUBJECT_SIZE + ' 7'), [])
        self.assertEqual(get_numbers('x' * (SUBJECT_SIZE - 2) + ' 77'), ['7'])
        self.assertEqual(SUBJECT_SIZE, 500)
