import base64
import logging
import os
import random

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ServiceMailCommon

# LONG=1 reads a thousand, every run a sample.
COUNT = 1000 if os.environ.get('LONG', '') not in ('', '0') else 150
CHARSETS = (
    'utf-8',
    'iso-8859-15',
    'cp1252',
    'utf-16',
    'utf-7',
    'koi8-r',
    'x-unknown',
    '',
    'utf-8;',
)
ENCODINGS = ('7bit', '8bit', 'base64', 'quoted-printable', 'x-uuencode', 'binary', 'nonsense', '')
TYPES = (
    'text/plain',
    'text/html',
    'multipart/mixed',
    'multipart/alternative',
    'multipart/report',
    'message/rfc822',
    'message/delivery-status',
    'application/octet-stream',
    'application/pdf',
    'image/png',
    'text/calendar',
    '*/*',
    'text',
    '/',
    '',
)
SENDERS = (
    'Lucía <lucia@altozano.example.com>',
    'lucia@altozano.example.com',
    '"Altozano, Lucía" <lucia@altozano.example.com>, second@example.com',
    '=?utf-8?b?THVjw61h?= <lucia@altozano.example.com>',
    '=?x-unknown?q?Luc=ED?= <lucia@altozano.example.com>',
    '=?utf-8?b?broken',
    'no address at all',
    '<>',
    '@',
    'a@b@c',
    'Lucía <lucia@altozano.example.com',
    'x' * 5000 + '@example.com',
    'undisclosed-recipients:;',
    '',
)
SUBJECTS = (
    'A leak',
    'Überlauf ñandú 漏れ',
    '=?utf-8?q?caf=C3=A9?=',
    '=?utf-8?q?cut',
    '=?iso-2022-jp?b?GyRC?=',
    'leak ' * 20000,
    '\x00nul\x00',
    ' ',
    '',
)


class Malformer:
    """Makes mails that break the rules, the same ones for the same seed."""

    def __init__(self, seed, address):
        self.random = random.Random(seed)
        self.address = address

    def make(self):
        head = self.make_head()
        content = self.make_part(depth=0)
        end = self.random.choice((b'\r\n', b'\n', b'\r', b''))
        return end.join(head) + (end or b'\n') + content

    def encode(self, text):
        codec = self.random.choice(('utf-8', 'latin-1', 'cp1252', 'utf-16-le'))
        return text.encode(codec, 'replace')

    def make_head(self):
        pick, chance = self.random.choice, self.random.random
        heads = [(b'To', self.address.encode())] if chance() < 0.7 else []
        if chance() < 0.9:
            heads.append((b'From', self.encode(pick(SENDERS))))
        if chance() < 0.9:
            heads.append((b'Subject', self.encode(pick(SUBJECTS))))
        if chance() < 0.7:
            heads.append((b'Message-Id', self.make_message_id()))
        if chance() < 0.3:
            heads.append((b'Date', pick((b'yesterday', b'Tue, 99 Foo 2026', b'', b'\xff'))))
        if chance() < 0.2:
            heads.append((pick((b'Cc', b'References', b'In-Reply-To')), self.make_junk(300)))
        if chance() < 0.1:
            heads.append((b'X-Huge', b'y' * 100_000))
        if chance() < 0.1:
            heads.append((b'', self.make_junk(40)))
        self.random.shuffle(heads)
        return [name + b': ' + value for name, value in heads]

    def make_message_id(self):
        number = self.random.getrandbits(64)
        kinds = (f'<{number}@example.com>', f'{number}', f'<{number}', f'<{number}{"z" * 6000}>')
        return self.encode(self.random.choice(kinds))

    def make_junk(self, size):
        return self.random.randbytes(self.random.randrange(size))

    def make_part(self, depth):
        pick = self.random.choice
        content_type, charset, encoding = pick(TYPES), pick(CHARSETS), pick(ENCODINGS)
        boundary = pick(('b1', 'b 2', '', '\x00'))
        lines = []
        if self.random.random() < 0.85:
            lines.append(f'Content-Type: {content_type}; charset={charset}; boundary="{boundary}"')
        if self.random.random() < 0.7:
            lines.append(f'Content-Transfer-Encoding: {encoding}')
        if self.random.random() < 0.2:
            lines.append('Content-Disposition: attachment; filename="=?utf-8?q?=00=FF.txt"')
        if self.random.random() < 0.1:
            lines.append('Content-Id: <cid>')
        head = '\r\n'.join(lines).encode() + b'\r\n\r\n'
        if content_type.startswith('multipart') and depth < 6:
            separator = b'--' + boundary.encode() + b'\r\n'
            parts = [self.make_part(depth + 1) for _number in range(self.random.randrange(4))]
            return head + separator + separator.join(parts)
        return head + self.make_body()

    def make_body(self):
        kind = self.random.randrange(7)
        if kind == 0:
            return b''
        if kind == 1:
            return self.make_junk(3000)
        if kind == 2:
            return base64.b64encode(self.make_junk(500))[: self.random.randrange(600)]
        if kind == 3:
            return self.encode(
                '<html><body><p>Fuga <b>ñ</b><script>alert(1)</script><img src="cid:cid">'
            )
        if kind == 4:
            return b'nul \x00 and \xed\xa0\x80 half'
        if kind == 5:
            return self.encode('<?xml version="1.0" encoding="latin-1"?><p>x</p>')
        return self.encode('It drips.\r\n.\r\nFrom here on')


class Reasons(logging.Handler):
    """Collects why mails were not made into cases."""

    def __init__(self):
        super().__init__()
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@tagged('post_install', '-at_install')
class TestMailMalformed(ServiceMailCommon):
    def setUp(self):
        super().setUp()
        # So many mails of one sender are what is tested, not a loop.
        self.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', str(COUNT * 2))
        self.reasons = Reasons()
        logger = logging.getLogger('odoo.addons.mail.models.mail_thread')
        self.addCleanup(setattr, logger, 'propagate', logger.propagate)
        self.addCleanup(logger.setLevel, logger.level)
        logger.propagate = False
        logger.setLevel(logging.INFO)
        logger.addHandler(self.reasons)
        self.addCleanup(logger.removeHandler, self.reasons)

    @mute_logger('odoo.addons.crm_claims.models.mail.mail_thread', 'odoo.sql_db')
    def test_no_mail_is_lost_and_none_raises(self):
        malformer = Malformer(20260714, self.to_tickets)
        outcomes = {'case': 0, 'answered or logged': 0}
        for number in range(COUNT):
            raw = malformer.make()
            self.reasons.lines.clear()
            bounces = self.env['mail.mail'].search_count([])
            with self.subTest(number=number, raw=raw[:2000]):
                case = self.receive_raw(raw, 'service.ticket')
                if case:
                    self.assertTrue(case.name)
                    self.assertTrue(case.message_ids)
                    outcomes['case'] += 1
                    continue
                answered = self.env['mail.mail'].search_count([]) > bounces
                self.assertTrue(answered or self.reasons.lines)
                outcomes['answered or logged'] += 1
        self.assertGreater(outcomes['case'], COUNT * 0.8, outcomes)

    @mute_logger('odoo.addons.crm_claims.models.mail.mail_thread')
    def test_unreadable_mail_is_kept_as_a_file(self):
        raw = (
            f'From: lucia@altozano.example.com\r\nTo: {self.to_tickets}\r\nSubject: x\r\n'
            'Content-Type: /\r\n\r\nIt drips'
        ).encode()
        case = self.receive_raw(raw)
        self.assertEqual(case.partner_id, self.contact)
        self.assertEqual(case.message_ids.attachment_ids.raw, raw)
        self.assertFalse(self.get_acknowledgement(case))

    def test_unreadable_mail_to_others_is_left_to_odoo(self):
        with self.assertRaises(KeyError):
            self.env['mail.thread'].message_process(
                'res.partner',
                b'From: a@b.c\r\nContent-Type: /\r\n\r\nx',
            )
