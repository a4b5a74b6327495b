import time
from email.header import decode_header, make_header
from unittest import TestCase

from crm_claims.core.mail_charsets import Reading, get_charset, mend_head, read, unfold

WORDS = 'La máquina está averiada, señor'


class TestReading(TestCase):
    def test_what_is_declared_rightly_is_read_so(self):
        for text, charset in (
            (WORDS, 'utf-8'),
            (WORDS, 'iso-8859-15'),
            (WORDS, '"UTF-8";'),
            ('принтер', 'koi8-r'),
            ('打印机', 'gb2312'),
            ('プリンター', 'iso-2022-jp'),
            ('plain', 'us-ascii'),
        ):
            with self.subTest(charset=charset):
                data = text.encode(charset.strip('";'))
                self.assertEqual(read(data, charset), Reading(text, is_sure=True))

    def test_unicode_is_recognised_whatever_is_declared(self):
        for declared in (None, 'iso-8859-1', 'windows-1252', 'us-ascii', 'x-unknown', 'koi8-r'):
            with self.subTest(declared=declared):
                self.assertEqual(read(WORDS.encode(), declared), Reading(WORDS, is_sure=True))

    def test_letters_that_a_charset_has_not_are_those_of_the_wider_one(self):
        for text, charset, declared in (
            ('“ya” cuesta 20 €', 'cp1252', 'iso-8859-1'),
            ('“ya” cuesta 20 €', 'cp1254', 'iso-8859-9'),
            ('镕', 'gb18030', 'gb2312'),
            ('①', 'cp932', 'shift_jis'),
            ('똠', 'cp949', 'euc-kr'),
            ('€', 'cp950', 'big5'),
        ):
            with self.subTest(declared=declared):
                self.assertEqual(read(text.encode(charset), declared), Reading(text, True))

    def test_what_is_not_declared_is_guessed(self):
        for text, charset in (
            (WORDS, 'iso-8859-1'),
            ('“ya” cuesta 20 € señor', 'cp1252'),
            ('Größe für fünf', 'cp1252'),
            ('Здравствуйте, принтер не работает', 'koi8-r'),
            ('Здравствуйте, принтер не работает', 'cp1251'),
            ('プリンターが動きません。', 'shift_jis'),
        ):
            for declared in (None, 'x-unknown', 'us-ascii', 'utf-8'):
                with self.subTest(charset=charset, declared=declared):
                    self.assertEqual(read(text.encode(charset), declared), Reading(text, False))

    def test_damaged_unicode_stays_unicode(self):
        data = 'ñandú ámbar está'.encode() + b' \xff'
        self.assertEqual(read(data, 'utf-8'), Reading('ñandú ámbar está \ufffd', False))
        self.assertEqual(read(b'a\xf1o ma\xf1ana', 'utf-8'), Reading('año mañana', False))
        self.assertEqual(read('ññ'.encode() + b'\xf1', 'utf-8').text, 'ññ\ufffd')
        self.assertEqual(read('ñ'.encode() + b'\xf1', 'utf-8').text, 'Ã±ñ')

    def test_what_nothing_can_read_is_read_as_far_as_it_goes(self):
        reading = read(b'\x81\x8d a \xe1', None)
        self.assertFalse(reading.is_sure)
        self.assertIn('a', reading.text)
        self.assertEqual(read(b'', None), Reading('', True))

    def test_long_mails_are_guessed_by_what_is_not_ascii(self):
        started = time.monotonic()
        data = b'x' * 500_000 + ' аверия в машине '.encode('koi8-r') * 9 + b'y' * 500_000
        reading = read(data)
        self.assertLess(time.monotonic() - started, 5)
        self.assertIn('аверия в машине', reading.text)
        self.assertEqual(len(reading.text), len(data))

    def test_charsets_of_mails_only(self):
        self.assertEqual(get_charset("'utf8'"), 'utf-8')
        self.assertEqual(get_charset('LATIN1'), 'iso8859-1')
        for name in (
            None,
            '',
            'x-unknown',
            'rot13',
            'hex',
            'unicode_escape',
            'idna',
            'a\0b',
            'punycode',
            'undefined',
            'raw_unicode_escape',
        ):
            with self.subTest(name=name):
                self.assertIsNone(get_charset(name))


class TestHeads(TestCase):
    def decode(self, value):
        return str(make_header(decode_header(value)))

    def test_coded_words_that_cannot_be_what_they_say(self):
        for value, words in (
            ('=?x-unknown?Q?Aver=EDa?=', 'Avería'),
            ('=?utf-8?Q?M=E1quina_par?= =?utf-8?Q?ada?= ya', 'Máquina parada ya'),
            ('=?x-unknown?B?TeFxdWluYQ?=', 'Máquina'),
            ('=?x-unknown?B?%%%?=', ''),
            ('=?x-unknown*es?q?a=F1o?=', 'año'),
        ):
            with self.subTest(value=value):
                mended = mend_head(value)
                self.assertNotEqual(mended, value)
                self.assertEqual(self.decode(mended).strip(), words)

    def test_letter_that_is_cut_between_two_words(self):
        value = '=?utf-8?Q?Aver=C3?= =?utf-8?Q?=ADa?='
        self.assertEqual(self.decode(mend_head(value)), 'Avería')

    def test_what_is_right_stays(self):
        for value in ('=?utf-8?Q?Aver=C3=ADa?=', '=?iso-8859-1?q?a=F1o?= x', 'Avería', ''):
            self.assertEqual(mend_head(value), value)

    def test_bytes_that_no_head_may_hold(self):
        for charset in ('utf-8', 'iso-8859-1'):
            value = 'Avería en\r\n la máquina'.encode(charset).decode('ascii', 'surrogateescape')
            self.assertEqual(mend_head(value), 'Avería en la máquina')

    def test_head_is_one_line(self):
        self.assertEqual(unfold(' a \r\n\tb\x1cc\x85d '), 'a b c d')
