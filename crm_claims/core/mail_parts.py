"""The parts of a mail, opened: what was signed, packed or declared wrongly can be read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

import tnefparse
import vobject
from asn1crypto import cms

from .mail_charsets import get_charset, mend_head, read, unfold

if TYPE_CHECKING:
    from collections.abc import Iterator

SIGNED = {'application/pkcs7-mime', 'application/x-pkcs7-mime'}
ENCRYPTED = {'multipart/encrypted', 'application/pgp-encrypted'}
PACKED = {'application/ms-tnef', 'application/vnd.ms-tnef'}
MENDED_HEADS = {
    'cc',
    'content-disposition',
    'content-type',
    'from',
    'reply-to',
    'subject',
    'to',
    'x-original-from',
}
PGP_SIGNED = re.compile(
    r'-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:\w+: .*\r?\n)*\r?\n(?P<text>.*?)\r?\n'
    r'-----BEGIN PGP SIGNATURE-----.*?-----END PGP SIGNATURE-----',
    re.DOTALL,
)
PGP_ENCRYPTED = '-----BEGIN PGP MESSAGE-----'
NAME_WIDTH = 80  # characters of the name that a file gets


@dataclass
class Opening:
    """What became of a mail: whether what is shown may differ from what was written, and what
    could not be read: names of files, or ``''`` for an encrypted mail."""

    is_sure: bool = True
    unread: list[str] = field(default_factory=list)


def open_parts(message: EmailMessage) -> Opening:
    """Make a mail readable, in place, and return what could not be."""
    opening = Opening()
    for part in _walk(message):
        _mend_heads(part)
        _open_signed(part, opening)
        _open_packed(part, opening)
        if part.get_content_type() in ENCRYPTED:
            opening.unread.append('')
        if part.get_content_maintype() == 'text':
            _mend_text(part, opening)
        _name(part)
    opening.unread = list(dict.fromkeys(opening.unread))
    return opening


def _walk(part: EmailMessage) -> Iterator[EmailMessage]:
    """Yield the parts; those of a part that was opened meanwhile are among them."""
    yield part
    if part.is_multipart():
        for inner in part.get_payload():
            yield from _walk(inner)


def _mend_heads(part: EmailMessage) -> None:
    for name, value in list(part.raw_items()):
        if name.lower() in MENDED_HEADS:
            mended = mend_head(str(value))
            if mended != unfold(str(value)):
                part.replace_header(name, mended)


# === TEXTS === #


def _mend_text(part: EmailMessage, opening: Opening) -> None:
    data = part.get_payload(decode=True) or b''
    declared = part.get_param('charset')
    declared = declared if isinstance(declared, str) else None
    if part.get_filename() or part.get_content_disposition() == 'attachment':
        _keep_bytes(part, data, declared)
        return
    reading = read(data, declared)
    signed = PGP_SIGNED.sub(_get_pgp_text, reading.text)
    opening.is_sure &= reading.is_sure and signed == reading.text
    if PGP_ENCRYPTED in signed:
        opening.unread.append('')
    if signed != reading.text or not _is_readable(data, declared or 'ascii', signed):
        _set_text(part, signed)


def _keep_bytes(part: EmailMessage, data: bytes, declared: str | None) -> None:
    """Let a file of text arrive byte by byte where its charset is not what it declares."""
    if not _is_readable(data, declared or 'utf-8'):
        part.set_param('charset', 'iso-8859-1')


def _is_readable(data: bytes, declared: str, text: str | None = None) -> bool:
    charset = get_charset(declared)
    try:
        return charset is not None and text in (None, data.decode(charset))
    except UnicodeError:
        return False


def _set_text(part: EmailMessage, text: str) -> None:
    kind, disposition = part.get_content_type(), part['Content-Disposition']
    cid = part['Content-Id']
    part.set_content(text, subtype=kind.partition('/')[2], charset='utf-8', cte='base64')
    for name, value in (('Content-Disposition', disposition), ('Content-Id', cid)):
        if value:
            part[name] = str(value)


def _get_pgp_text(match: re.Match[str]) -> str:
    return re.sub(r'(?m)^- ', '', match['text'])


# === WHAT IS SIGNED OR PACKED === #


def _open_signed(part: EmailMessage, opening: Opening) -> None:
    if part.get_content_type() not in SIGNED:
        return
    kind, inner = _read_envelope(part.get_payload(decode=True) or b'')
    if kind == 'signed_data' and inner:
        _replace(part, message_from_bytes(inner, policy=policy.SMTP))
    else:
        is_encrypted = kind == 'enveloped_data'
        opening.unread.append('' if is_encrypted else part.get_filename() or 'smime.p7m')


def _read_envelope(data: bytes) -> tuple[str, bytes | None]:
    """Return what an S/MIME envelope is, and the mail in it if it is only signed."""
    try:
        envelope = cms.ContentInfo.load(data)
        kind = envelope['content_type'].native
        if kind != 'signed_data':
            return kind, None
        return kind, envelope['content']['encap_content_info']['content'].native
    except (ValueError, KeyError, TypeError):
        return '', None


def _open_packed(part: EmailMessage, opening: Opening) -> None:
    name = part.get_filename() or ''
    is_named_so = name.lower() == 'winmail.dat' and part.get_content_maintype() == 'application'
    if part.get_content_type() not in PACKED and not is_named_so:
        return
    try:
        inner = _get_packed(part.get_payload(decode=True) or b'')
    except Exception:  # whatever a parser of damaged files may raise
        opening.unread.append(name or 'winmail.dat')
        return
    _replace(part, inner)


def _get_packed(data: bytes) -> EmailMessage:
    """Return what a winmail.dat holds, as a mail with files.

    :raises Exception: whatever the library stumbles on, or ValueError for nothing
    """
    packed = tnefparse.TNEF(data, do_checksum=False)
    if not packed.attachments and not packed.has_body():
        raise ValueError('nothing in it')
    mail = EmailMessage()
    html, text = _get_words(packed.htmlbody), _get_words(packed.body)
    mail.make_mixed()
    if html or text:
        body = EmailMessage()
        body.set_content(html or text, subtype='html' if html else 'plain')
        mail.attach(body)
    for number, file in enumerate(packed.attachments, 1):
        mail.add_attachment(
            file.data,
            maintype='application',
            subtype='octet-stream',
            filename=_get_file_name(file) or f'winmail-{number}',
        )
    return mail


def _get_words(words: str | bytes | None) -> str:
    words = read(words).text if isinstance(words, bytes) else words or ''
    return words.replace('\0', '').strip()


def _get_file_name(file: tnefparse.tnef.TNEFAttachment) -> str:
    long_names = [
        attribute.data
        for attribute in file.mapi_attrs
        if attribute.name == tnefparse.properties.MAPI_ATTACH_LONG_FILENAME
    ]
    return _get_words((long_names or [file._name])[0])


def _replace(part: EmailMessage, inner: EmailMessage) -> None:
    """Put the content of another mail in the place of that of a part."""
    for name in {name for name in part if name.lower().startswith('content-')}:
        del part[name]
    for name, value in inner.items():
        if name.lower().startswith('content-'):
            part[name] = str(value)
    part.set_payload(inner.get_payload())


# === NAMES === #


def _name(part: EmailMessage) -> None:
    """Give invitations and forwarded mails a name by which they are found among the files."""
    if part.get_filename():
        return
    if part.get_content_type() == 'text/calendar':
        _set_name(part, _get_event(part), 'ics')
    elif part.get_content_type() == 'message/rfc822' and part.is_multipart():
        _set_name(part, str(part.get_payload(0)['Subject'] or ''), 'eml')


def _get_event(part: EmailMessage) -> str:
    try:
        calendar = vobject.readOne(part.get_content())
        return str(calendar.vevent.summary.value)
    except Exception:  # whatever a parser of damaged files may raise
        return ''


def _set_name(part: EmailMessage, words: str, ending: str) -> None:
    name = re.sub(r'[\s/\\:*?"<>|]+', ' ', words).strip(' .')[:NAME_WIDTH].strip()
    del part['Content-Disposition']
    default = 'invitation' if ending == 'ics' else 'mail'
    part.add_header('Content-Disposition', 'attachment', filename=f'{name or default}.{ending}')
