import base64
import struct
from email import message_from_bytes, policy
from unittest import TestCase

from asn1crypto import cms

from crm_claims.core.mail_parts import NAME_WIDTH, open_parts


def open_mail(raw):
    mail = message_from_bytes(raw if isinstance(raw, bytes) else raw.encode(), policy=policy.SMTP)
    return mail, open_parts(mail)


def get_files(mail):
    return {
        part.get_filename(): part.get_payload(decode=True)
        for part in mail.walk()
        if part.get_filename()
    }


def get_words(mail):
    """Return what stands in the parts of text, as a mail program shows it."""
    return [
        part.get_content().strip()
        for part in mail.walk()
        if part.get_content_maintype() == 'text' and not part.get_filename()
    ]


def sign(content):
    return cms.ContentInfo(
        {
            'content_type': 'signed_data',
            'content': {
                'version': 'v1',
                'digest_algorithms': [],
                'encap_content_info': {'content_type': 'data', 'content': content},
                'signer_infos': [],
            },
        }
    ).dump()


def encrypt():
    return cms.ContentInfo(
        {
            'content_type': 'enveloped_data',
            'content': {
                'version': 'v0',
                'recipient_infos': [],
                'encrypted_content_info': {
                    'content_type': 'data',
                    'content_encryption_algorithm': {
                        'algorithm': 'aes128_cbc',
                        'parameters': b'x' * 16,
                    },
                    'encrypted_content': b'secret',
                },
            },
        }
    ).dump()


def attach(content_type, data, name=None, root=False):
    code = base64.encodebytes(data).decode()
    named = f'; name="{name}"\nContent-Disposition: attachment; filename="{name}"' if name else ''
    part = f'Content-Type: {content_type}{named}\nContent-Transfer-Encoding: base64\n\n{code}'
    if root:
        return f'Subject: x\n{part}'
    return (
        'Subject: x\nContent-Type: multipart/mixed; boundary="b"\n\n'
        f'--b\nContent-Type: text/plain\n\nSee the file.\n--b\n{part}\n--b--\n'
    )


def pack(*objects):
    packed = struct.pack('<IH', 0x223E9F78, 1)
    for level, name, kind, data in objects:
        packed += struct.pack('<BHHI', level, name, kind, len(data)) + data
        packed += struct.pack('<H', sum(data) & 0xFFFF)
    return packed


FILE = (
    (2, 0x9002, 6, b'\x01\0' + b'\0' * 12),
    (2, 0x8010, 1, 'avería.pdf'.encode('cp1252') + b'\0'),
    (2, 0x800F, 6, b'%PDF-1.4'),
)
UNNAMED = (FILE[0], FILE[2])
BODY = ((1, 0x800C, 2, 'La máquina'.encode('cp1252') + b'\0'),)


class TestTexts(TestCase):
    def test_text_is_read_as_it_was_meant(self):
        for head, data, is_sure in (
            ('; charset=utf-8', 'Avería'.encode(), True),
            ('; charset=iso-8859-1', 'Avería'.encode(), True),
            ('', 'Avería'.encode(), True),
            ('', 'Avería en la máquina'.encode('latin-1'), False),
            ('; charset=utf-8', 'Avería en la máquina'.encode('latin-1'), False),
            ('; charset=x-none', 'Avería en la máquina'.encode('latin-1'), False),
        ):
            with self.subTest(head=head, data=data):
                mail, opening = open_mail(f'Content-Type: text/html{head}\n\n'.encode() + data)
                self.assertIn(get_words(mail)[0], ('Avería', 'Avería en la máquina'))
                self.assertEqual(mail.get_content_type(), 'text/html')
                self.assertEqual(opening.is_sure, is_sure)
                self.assertEqual(opening.unread, [])

    def test_text_that_is_right_is_left_alone(self):
        for raw in (
            b'Content-Type: text/plain; charset=iso-8859-1\n\nAver\xeda',
            b'Content-Type: text/plain\n\nplain',
            b'Subject: x\n\nplain',
        ):
            mail, opening = open_mail(raw)
            self.assertEqual(
                mail.as_bytes(), message_from_bytes(raw, policy=policy.SMTP).as_bytes()
            )
            self.assertTrue(opening.is_sure)

    def test_mended_part_keeps_how_it_is_shown(self):
        mail, _opening = open_mail(
            b'Content-Type: text/html; charset=x-none\nContent-Disposition: inline\n'
            b'Content-Id: <c>\n\nAver\xeda en la m\xe1quina'
        )
        self.assertEqual((mail['Content-Disposition'], mail['Content-Id']), ('inline', '<c>'))

    def test_file_of_text_arrives_byte_by_byte(self):
        for charset in ('utf-8', 'x-none', None):
            declared = f'; charset={charset}' if charset else ''
            for how in ('; name="a.csv"', '\nContent-Disposition: attachment'):
                mail, opening = open_mail(
                    f'Content-Type: text/csv{declared}{how}\n\n'.encode() + b'm\xe1quina'
                )
                self.assertEqual(mail.get_content().encode('latin-1').strip(), b'm\xe1quina')
                self.assertTrue(opening.is_sure)
        mail, _opening = open_mail('Content-Type: text/csv; name="a.csv"\n\nmáquina')
        self.assertIsNone(mail.get_param('charset'))

    def test_heads_are_readable(self):
        mail, _opening = open_mail(
            b'From: Luc\xeda <a@b.c>\nSubject: =?x-none?q?Aver=EDa?=\nX-Other: \xed\n'
            b'Content-Type: text/plain; name="se\xf1al.txt"\n\nx'
        )
        self.assertEqual(mail['Subject'], 'Avería')
        self.assertEqual(mail['From'].addresses[0].display_name, 'Lucía')
        self.assertEqual(mail.get_filename(), 'señal.txt')
        self.assertNotIn('í', mail['X-Other'])


class TestSigned(TestCase):
    INNER = b'Content-Type: text/plain; charset=utf-8\r\n\r\nEl horno no calienta'

    def test_signed_envelope_is_opened(self):
        for kind in ('application/pkcs7-mime', 'application/x-pkcs7-mime'):
            for root in (True, False):
                mail, opening = open_mail(attach(kind, sign(self.INNER), 'smime.p7m', root))
                self.assertEqual(get_words(mail)[-1], 'El horno no calienta')
                self.assertEqual(mail['Subject'], 'x')
                self.assertEqual((opening.is_sure, opening.unread), (True, []))
                self.assertNotIn('smime.p7m', get_files(mail))

    def test_parts_of_what_was_signed_are_opened_too(self):
        inner = (
            b'Content-Type: multipart/mixed; boundary="i"\r\n\r\n--i\r\nContent-Type: text/plain; '
            b'charset=x-none\r\n\r\nAver\xeda en la m\xe1quina\r\n--i--'
        )
        mail, opening = open_mail(attach('application/pkcs7-mime', sign(inner), root=True))
        self.assertEqual(get_words(mail), ['Avería en la máquina'])
        self.assertFalse(opening.is_sure)

    def test_encrypted_and_damaged_ones_are_named(self):
        kind = 'application/pkcs7-mime'
        for raw, unread in (
            (attach(kind, encrypt(), 'smime.p7m'), ['']),
            (attach(kind, b'junk', 'mail.p7m'), ['mail.p7m']),
            (attach(kind, sign(self.INNER)[:40]), ['smime.p7m']),
            (attach(kind, sign(b''), 'mail.p7m'), ['mail.p7m']),
            (attach('application/pgp-encrypted', b'Version: 1'), ['']),
            ('Content-Type: text/plain\n\n-----BEGIN PGP MESSAGE-----\nx', ['']),
        ):
            with self.subTest(raw=raw[:200]):
                _mail, opening = open_mail(raw)
                self.assertEqual(opening.unread, unread)
                self.assertTrue(opening.is_sure)

    def test_encrypted_mail_is_named_once(self):
        _mail, opening = open_mail(
            'Content-Type: multipart/encrypted; boundary="b"\n\n'
            '--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b--\n'
        )
        self.assertEqual(opening.unread, [''])

    def test_text_between_signs_is_shown_alone(self):
        mail, opening = open_mail(
            'Content-Type: text/plain\n\nBefore\n-----BEGIN PGP SIGNED MESSAGE-----\n'
            'Hash: SHA512\n\nOne\n- -- \nLucia\n-----BEGIN PGP SIGNATURE-----\n\nabc\n'
            '-----END PGP SIGNATURE-----\nAfter\n'
        )
        self.assertEqual(
            get_words(mail)[0].splitlines(), ['Before', 'One', '-- ', 'Lucia', 'After']
        )
        self.assertFalse(opening.is_sure, 'the signature is kept with the original')


class TestPacked(TestCase):
    def test_files_are_taken_out(self):
        for kind, name in (
            ('application/ms-tnef', 'winmail.dat'),
            ('application/vnd.ms-tnef', None),
            ('application/octet-stream', 'WinMail.dat'),
        ):
            mail, opening = open_mail(attach(kind, pack(*FILE), name))
            self.assertEqual(get_files(mail), {'avería.pdf': b'%PDF-1.4'})
            self.assertEqual(get_words(mail), ['See the file.'])
            self.assertEqual(opening.unread, [])

    def test_file_without_a_name_gets_one(self):
        mail, _opening = open_mail(attach('application/ms-tnef', pack(*UNNAMED)))
        self.assertEqual(list(get_files(mail)), ['winmail-1'])

    def test_mail_that_is_packed_as_a_whole(self):
        raw = attach('application/ms-tnef', pack(*BODY, *FILE), 'winmail.dat', root=True)
        mail, _opening = open_mail(raw)
        self.assertEqual(get_words(mail), ['La máquina'])
        self.assertEqual(list(get_files(mail)), ['avería.pdf'])

    def test_what_cannot_be_opened_stays_and_is_named(self):
        for data in (b'junk', pack(), b''):
            mail, opening = open_mail(attach('application/ms-tnef', data, 'winmail.dat'))
            self.assertEqual(opening.unread, ['winmail.dat'])
            self.assertEqual(get_files(mail), {'winmail.dat': data})

    def test_others_are_left_alone(self):
        for kind, name in (('application/pdf', 'a.pdf'), ('text/plain', 'winmail.dat')):
            mail, opening = open_mail(attach(kind, b'x', name))
            self.assertEqual(get_files(mail), {name: b'x'})
            self.assertEqual(opening.unread, [])


class TestNames(TestCase):
    def name(self, content):
        mail, _opening = open_mail(
            f'Content-Type: multipart/mixed; boundary="b"\n\n--b\n{content}\n--b--\n'
        )
        return list(get_files(mail))

    def test_invitation_is_named_by_what_it_is_to(self):
        event = (
            'Content-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\n{}\n'
            'END:VEVENT\nEND:VCALENDAR'
        )
        for line, name in (
            ('SUMMARY:Visit: press/oven', 'Visit press oven.ics'),
            ('SUMMARY:' + 'x' * 200, 'x' * NAME_WIDTH + '.ics'),
            ('SUMMARY: . ', 'invitation.ics'),
            ('UID:1', 'invitation.ics'),
        ):
            self.assertEqual(self.name(event.format(line)), [name])
        self.assertEqual(self.name('Content-Type: text/calendar\n\njunk'), ['invitation.ics'])
        self.assertEqual(self.name('Content-Type: text/calendar; name="a.ics"\n\nx'), ['a.ics'])

    def test_attached_mail_is_named_by_its_subject(self):
        self.assertEqual(
            self.name('Content-Type: message/rfc822\n\nSubject: Leak\n\nx'), ['Leak.eml']
        )
        self.assertEqual(
            self.name('Content-Type: message/rfc822\n\nFrom: a@b.c\n\nx'), ['mail.eml']
        )
        self.assertEqual(
            self.name('Content-Type: message/rfc822; name="a.eml"\n\nSubject: b\n\nx'), ['a.eml']
        )
