"""What telephone systems tell of a call, whatever names they give to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from .phones import get_tail, split_numbers
from .text import clean_line

TEXT_LIMIT = 100
ADDRESS_LIMIT = 2000
LONGEST_CALL = 24 * 3600
# How deep an object may lie in others: {"data": {"call": {...}}}.
DEEPEST = 4

# Our name, and what others call it; letters and digits alone, in small letters. First is best.
NAMES = {
    'reference': 'reference callid uniqueid linkedid calluuid calluniqueid callsid uuid callref '
    'callreference sessionid interactionid id',
    'number': 'number phone phonenumber customernumber externalnumber contactnumber remotenumber',
    'source': 'from fromnumber caller callernumber callerid calleridnum callerno cid cidnum src '
    'source ani cli anumber',
    'target': 'to tonumber called callednumber callee calledid dst destination destinationnumber '
    'did dnis bnumber',
    'extension': 'extension ext exten extensionnumber agent agentid agentnumber agentextension '
    'user username useremail answeredby member internal internalnumber operator',
    'direction': 'direction calldirection calltype way',
    'state': 'state status event callstatus callstate eventtype disposition dialcallstatus type',
    'seconds': 'duration billsec talktime callduration dialcallduration seconds durationseconds '
    'billseconds billableseconds conversationduration',
    'recording': 'recording recordingurl recordurl recordinglink recordingfile recordfile',
}
DIRECTIONS = {
    'inbound': 'inbound incoming in entrante entrada received inboundapi',
    'outbound': 'outbound outgoing out saliente salida dialed dialled outboundapi outbounddial '
    'clicktocall',
}
STATES = {
    'ringing': 'ringing ring ringed initiated incoming new newcall start started callstart queued '
    'newchannel dialing dialling created notifystart',
    'answered': 'answered answer inprogress connected connect talking up active established pickup '
    'bridge bridged accepted callanswered notifyanswer',
    'ended': 'ended end completed complete hangup hungup finished finish terminated done closed '
    'disconnected callend notifyend cdr',
    'missed': 'missed noanswer unanswered busy failed canceled cancelled abandoned abandon '
    'rejected declined cancel voicemail chanunavail congestion callmissed',
}
TECHNOLOGY = re.compile(r'^(?:sips?|pjsip|iax2?|local|sccp|dahdi|agent|ext)\s*[/:]\s*', re.I)


class PhonePost(NamedTuple):
    """One message of a telephone system."""

    reference: str
    number: str
    extension: str
    direction: str
    state: str
    seconds: int
    recording: str


class BadPost(ValueError):
    """A message that cannot be understood; its argument is the value that was not."""


def read_post(raw: Mapping[str, object]) -> PhonePost:
    """Return what a message says, in our words.

    :raise BadPost: it does not say what happens, or says it in unknown words
    """
    told = dict(_find_told(raw))
    direction = _translate(DIRECTIONS, told.get('direction', ''), 'inbound')
    state = _translate(STATES, told.get('state', ''))
    ours, theirs = ('target', 'source') if direction == 'inbound' else ('source', 'target')
    return PhonePost(
        reference=clean_line(told.get('reference', ''))[:TEXT_LIMIT],
        number=_clean_number(told.get('number') or told.get(theirs, '')),
        extension=clean_extension(told.get('extension') or told.get(ours, '')),
        direction=direction,
        state=state,
        seconds=read_seconds(told.get('seconds', '')),
        recording=_clean_address(told.get('recording', '')),
    )


def get_next_state(current: str, told: str, seconds: int) -> str:
    """Return where a call stands after a message: messages come late, twice or not at all.

    :param current: ``ringing``, ``answered``, ``ended`` or ``missed``
    """
    if current in ('ended', 'missed'):
        return current
    was_answered = current == 'answered' or seconds > 0
    if told in ('ended', 'missed'):
        return 'ended' if was_answered else 'missed'
    if told == 'answered' and seconds:
        return 'ended'  # the record of a call that is over
    return 'answered' if was_answered else told


def clean_extension(text: str) -> str:
    """Return an extension, a number called or a user as they are compared."""
    plain = TECHNOLOGY.sub('', clean_line(text)).lower()
    if re.fullmatch(r'\S+@\S+\.[a-z]{2,}', plain) and not plain[0].isdigit():
        return plain[:TEXT_LIMIT]  # the e-mail address of a user
    plain = re.split(r'[@;,<-]', plain)[0] if re.match(r'\d+[@;,<-]', plain) else plain
    if re.fullmatch(r'[\d\s+().-]+', plain):
        plain = re.sub(r'\D', '', plain)
    return plain.strip()[:TEXT_LIMIT]


def are_same_extension(one: str, other: str) -> bool:
    """Tell whether two mean the same place, once as a whole number and once without its code."""
    if one == other:
        return bool(one)
    is_number = one.isdigit() and other.isdigit() and min(len(one), len(other)) > 8
    return is_number and get_tail(one) == get_tail(other)


def read_seconds(text: str) -> int:
    """Return how long a call took, of ``75``, ``75.2`` or ``1:15``; 0 where it is not told."""
    found = re.fullmatch(r'\s*(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6})(?:\.\d+)?\s*s?\s*', text)
    if not found:
        return 0
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return min(hours * 3600 + minutes * 60 + seconds, LONGEST_CALL)


def is_dial_address(text: str) -> bool:
    """Tell whether an address can be called with a number put into it."""
    schemes = r'(?:tel:|sips?:|callto:|https?://[^\s/?#]+)'
    return bool(re.fullmatch(schemes + r'\S*', text)) and '{number}' in text


def _find_told(raw: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Give our names with their texts, the best of several last."""
    flat = dict(_flatten(raw, DEEPEST))
    for name, others in NAMES.items():
        for other in reversed(others.split()):
            if flat.get(other):
                yield name, flat[other]


def _flatten(raw: Mapping[str, object], depth: int) -> Iterator[tuple[str, str]]:
    for name, value in raw.items():
        if isinstance(value, Mapping) and depth > 1:
            yield from _flatten(value, depth - 1)
        elif isinstance(value, str | int | float) and not isinstance(value, bool):
            yield re.sub('[^a-z0-9]', '', str(name).lower()), str(value)


def _translate(words: Mapping[str, str], told: str, default: str = '') -> str:
    word = re.sub('[^a-z]', '', told.lower())
    found = next((ours for ours, theirs in words.items() if word in theirs.split()), '')
    if not found and (word or not default):
        raise BadPost(told)
    return found or default


def _clean_number(text: str) -> str:
    """Return the number that calls, empty where it is hidden."""
    numbers = split_numbers(text)
    short = re.sub(r'\D', '', text)
    return numbers[0] if numbers else short if len(short) > 1 else ''


def _clean_address(text: str) -> str:
    is_web = re.fullmatch(r'https?://[^\s"<>]+', text.strip(), re.I)
    return text.strip() if is_web and len(text) <= ADDRESS_LIMIT else ''
