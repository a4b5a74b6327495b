from email import message_from_bytes, policy
from unittest import TestCase

from crm_claims.core.mails import (
    ADDRESS,
    ANSWERED_BY_NOBODY,
    EMAIL_WIDTH,
    HEAD_SIZE,
    MESSAGE_ID_WIDTH,
    SUBJECT_WIDTH,
    find_addresses,
    find_sender,
    get_place,
    get_storable,
    get_subject,
    get_usable_address,
    is_about,
    wrap,
)
from crm_extended.core.mail_signs import get_signs, is_machine_answer


class TestTexts(TestCase):
    def test_what_the_database_cannot_store_is_left_out(self):
        self.assertEqual(get_storable('a\0b'), 'ab')
        self.assertEqual(get_storable('a\ud800b\udfffc'), 'a\ufffdb\ufffdc')
        self.assertEqual(get_storable('\ud7ff\ue000 ñ'), '\ud7ff\ue000 ñ')

    def test_what_is_no_text_stays(self):
        for value in (b'a\0b', None, 7):
            self.assertIs(get_storable(value), value)

    def test_subject_is_one_line_that_fits(self):
        self.assertEqual(get_subject('  Two   chairs\narrived '), 'Two chairs arrived')
        self.assertEqual(get_subject(''), '')
        word = 'chair '
        subject = get_subject(word * 100)
        self.assertEqual(subject, (word * 41).strip() + '…')
        self.assertLessEqual(len(subject), SUBJECT_WIDTH)
        exact = 'x' * 100 + ' ' + 'y' * 149
        self.assertEqual(get_subject(exact), exact)
        self.assertEqual(get_subject('x' * 251), 'x' * 249 + '…')
        for length, cut in ((125, 249), (126, 126)):
            words = 'x' * length + ' ' + 'y' * 300
            self.assertEqual(get_subject(words), words[:cut] + '…')
        self.assertEqual(SUBJECT_WIDTH, 250)

    def test_address_that_is_too_long_is_none(self):
        self.assertEqual(get_usable_address('x' * EMAIL_WIDTH), 'x' * EMAIL_WIDTH)
        for address in ('x' * (EMAIL_WIDTH + 1), '', False, None):
            self.assertIs(get_usable_address(address), False)
        self.assertEqual((EMAIL_WIDTH, MESSAGE_ID_WIDTH), (254, 998))


class TestOwnMails(TestCase):
    def test_our_own_automatic_mails_are_recognised(self):
        heads = {name.lower(): [value] for name, value in ANSWERED_BY_NOBODY.items()}
        self.assertEqual(get_signs(heads), heads.keys())
        self.assertTrue(is_machine_answer(heads, 'x'))


class TestAddresses(TestCase):
    def test_place_of_an_address_is_that_among_the_recipients(self):
        recipients = ['Help@Example.com', 'claims@example.com']
        self.assertEqual(get_place(recipients, 'help@example.com'), 0)
        self.assertEqual(get_place(recipients, 'claims@example.com'), 1)
        for address in ('other@example.com', False, None):
            self.assertEqual(get_place(recipients, address), 2)

    def test_whatever_looks_like_an_address_is_found_in_order(self):
        raw = b'\xff\xfeTo: "Help" <Help.Me+x%y-z@Example.com>, claims@example.com\nSubject: a @ b'
        self.assertEqual(find_addresses(raw), ['help.me+x%y-z@example.com', 'claims@example.com'])

    def test_only_the_head_is_looked_at(self):
        address = b' a@example.com'
        padding = b' ' * (HEAD_SIZE - len(address))
        self.assertEqual(find_addresses(padding + address), ['a@example.com'])
        self.assertEqual(find_addresses(padding + b' ' + address), ['a@example.co'])
        self.assertEqual(find_addresses(padding + address + address), ['a@example.com'])
        sender = b'\nFrom: a@example.com'
        padding = b' ' * (HEAD_SIZE - len(sender))
        self.assertEqual(find_sender(padding + sender), 'a@example.com')
        self.assertIsNone(find_sender(padding + b' ' * 99 + sender))
        self.assertEqual(HEAD_SIZE, 100_000)

    def test_parts_of_an_address_have_the_width_that_they_may_have(self):
        for name, domain, is_found in ((64, 190, True), (65, 190, False), (64, 191, False)):
            with self.subTest(name=name, domain=domain):
                address = b'x' * name + b'@' + b'y' * domain
                self.assertIs(bool(ADDRESS.fullmatch(address)), is_found)

    def test_sender_is_who_the_head_names(self):
        for raw, sender in (
            (b'From: Ana <ana@example.com>\nTo: b@example.com', 'ana@example.com'),
            (b'To: b@example.com\nfrom: ana@example.com', 'ana@example.com'),
            (b'To: b@example.com\n From: ana@example.com', None),
            (b'X-From: ana@example.com', None),
            (b'From: nobody\nTo: b@example.com', None),
            (b'', None),
        ):
            with self.subTest(raw=raw):
                self.assertEqual(find_sender(raw), sender)


class TestWrap(TestCase):
    def test_damaged_mail_arrives_as_it_was_in_a_readable_one(self):
        raw = b'From: ana@example.com\nTo: help@example.com\n\n\xff\x00damaged'
        mail = message_from_bytes(
            wrap(raw, 'help@example.com', 'Unreadable', 'See the file.'), policy=policy.default
        )
        self.assertEqual(mail['From'], 'ana@example.com')
        self.assertEqual(mail['To'], 'help@example.com')
        self.assertEqual(mail['Subject'], 'Unreadable')
        self.assertEqual(mail.get_body().get_content(), 'See the file.\n')
        (file,) = mail.iter_attachments()
        self.assertEqual(file.get_content(), raw)
        self.assertEqual(file.get_filename(), 'mail.eml')
        self.assertEqual(file['Content-Type'].split(';')[0], 'application/octet-stream')
        heads = ['From', 'To', 'Subject', 'X-Auto-Response-Suppress']
        self.assertEqual(mail.keys()[: len(heads)], heads)

    def test_nobody_answers_it(self):
        mail = message_from_bytes(wrap(b'', None, 'x', 'y'))
        self.assertEqual(mail['X-Auto-Response-Suppress'], 'All')

    def test_who_is_not_known_is_not_named(self):
        mail = message_from_bytes(wrap(b'', False, 'x', 'y'))
        self.assertNotIn('From', mail)
        self.assertNotIn('To', mail)


class TestAbout(TestCase):
    def test_mail_that_answers_a_message_on_a_record(self):
        models = ['service.ticket', 'service.claim']
        for raw, is_ours in (
            (b'References: <1.2-openerp-7-service.ticket@host>', True),
            (b'In-Reply-To: <1.2-openerp-7-service.claim@host>', True),
            (b'References: <1.2-openerp-7-crm.lead@host>', False),
            (b'References: <1.2-openerp-7-serviceXticket@host>', False),
            (b'To: service.ticket@host', False),
            (b' ' * HEAD_SIZE + b'-service.ticket@host', False),
        ):
            self.assertIs(is_about(raw, models), is_ours, raw.strip())
