from unittest import TestCase

from crm_extended.core.phone_post import (
    BadPost,
    PhonePost,
    are_same_extension,
    clean_extension,
    get_next_state,
    is_dial_address,
    read_post,
    read_seconds,
)

RINGING = PhonePost('7', '+34600100200', '201', 'inbound', 'ringing', 0, '')

# What telephone systems send, and what it says.
POSTS = (
    ({'reference': '7', 'number': '+34600100200', 'extension': '201', 'state': 'ringing'}, RINGING),
    # a form of Asterisk
    (
        {
            'uniqueid': '7',
            'callerid': '"Ana" <+34600100200>',
            'exten': '201',
            'event': 'Newchannel',
        },
        RINGING,
    ),
    (
        {
            'uniqueid': '1718.7',
            'src': '600100200',
            'dst': '201',
            'disposition': 'ANSWERED',
            'billsec': '75',
            'recordingfile': 'https://pbx.example.com/r/7.wav',
        },
        PhonePost(
            '1718.7',
            '600100200',
            '201',
            'inbound',
            'answered',
            75,
            'https://pbx.example.com/r/7.wav',
        ),
    ),
    (
        {
            'src': '600100200',
            'dst': '201',
            'disposition': 'NO ANSWER',
            'uniqueid': '8',
            'billsec': '0',
        },
        PhonePost('8', '600100200', '201', 'inbound', 'missed', 0, ''),
    ),
    # a cloud telephone: names with capitals, the number called
    (
        {
            'CallSid': 'CA7',
            'From': '+34600100200',
            'To': '+34976000000',
            'Direction': 'inbound',
            'CallStatus': 'in-progress',
        },
        PhonePost('CA7', '+34600100200', '34976000000', 'inbound', 'answered', 0, ''),
    ),
    (
        {
            'CallSid': 'CA8',
            'From': '+34976000000',
            'To': '+34600100200',
            'Direction': 'outbound-api',
            'CallStatus': 'completed',
            'CallDuration': '61',
        },
        PhonePost('CA8', '+34600100200', '34976000000', 'outbound', 'ended', 61, ''),
    ),
    # nested
    (
        {'event': 'call.answered', 'data': {'call': {'id': 7, 'from': {'number': '600100200'}}}},
        PhonePost('7', '600100200', '', 'inbound', 'answered', 0, ''),
    ),
    (
        {
            'call_id': '7',
            'caller_id': 'sip:+34600100200@carrier.example.com',
            'agent': 'Ana@Example.com',
            'status': 'RING',
            'call_type': 'Incoming',
            'other': True,
            'more': ['x'],
        },
        PhonePost('7', '+34600100200', 'ana@example.com', 'inbound', 'ringing', 0, ''),
    ),
    # hidden, short, hostile
    (
        {'from': 'anonymous', 'to': '201', 'state': 'ringing'},
        PhonePost('', '', '201', 'inbound', 'ringing', 0, ''),
    ),
    ({'from': '112', 'state': 'ringing'}, PhonePost('', '112', '', 'inbound', 'ringing', 0, '')),
    ({'from': '1', 'state': 'ringing'}, PhonePost('', '', '', 'inbound', 'ringing', 0, '')),
    (
        {
            'state': 'hangup',
            'recording': 'javascript:alert(1)',
            'id': 'x' * 300,
            'duration': 'long',
        },
        PhonePost('x' * 100, '', '', 'inbound', 'ended', 0, ''),
    ),
)


class TestPosts(TestCase):
    def test_every_system_is_understood(self):
        for raw, post in POSTS:
            with self.subTest(raw=raw):
                self.assertEqual(read_post(raw), post)

    def test_what_is_not_understood_is_told(self):
        for raw, told in (
            ({'from': '600100200'}, ''),
            ({'from': '600100200', 'state': 'gargling'}, 'gargling'),
            ({'from': '600100200', 'state': 'ringing', 'direction': 'up'}, 'up'),
            ({'a': {'b': {'c': {'d': {'state': 'ringing'}}}}}, ''),
        ):
            with self.subTest(raw=raw), self.assertRaises(BadPost) as caught:
                read_post(raw)
            self.assertEqual(caught.exception.args, (told,))

    def test_long_address_of_a_recording_is_left_out(self):
        address = 'https://x.example.com/'
        for length, kept in ((2000, True), (2001, False)):
            post = read_post({'state': 'ended', 'recording': address.ljust(length, 'r')})
            self.assertEqual(bool(post.recording), kept)


class TestStates(TestCase):
    def test_call_goes_on_and_never_back(self):
        for current, told, seconds, then in (
            ('ringing', 'ringing', 0, 'ringing'),
            ('ringing', 'answered', 0, 'answered'),
            ('ringing', 'missed', 0, 'missed'),
            ('ringing', 'ended', 0, 'missed'),
            ('ringing', 'ended', 5, 'ended'),
            ('ringing', 'missed', 5, 'ended'),
            ('ringing', 'answered', 75, 'ended'),
            ('answered', 'ringing', 0, 'answered'),
            ('answered', 'answered', 0, 'answered'),
            ('answered', 'ended', 0, 'ended'),
            ('answered', 'missed', 0, 'ended'),
            ('ended', 'ringing', 0, 'ended'),
            ('missed', 'answered', 9, 'missed'),
        ):
            with self.subTest(current=current, told=told, seconds=seconds):
                self.assertEqual(get_next_state(current, told, seconds), then)


class TestTexts(TestCase):
    def test_extension_is_compared_without_its_technology(self):
        for text, extension in (
            ('201', '201'),
            ('SIP/201-0000012', '201'),
            ('PJSIP/201', '201'),
            ('Local/201@from-queue', '201'),
            ('sip:201@pbx.example.com', '201'),
            ('+34 976 00 00 00', '34976000000'),
            ('Ana@Example.com', 'ana@example.com'),
            ('Support Desk', 'support desk'),
            ('', ''),
        ):
            with self.subTest(text=text):
                self.assertEqual(clean_extension(text), extension)
        self.assertEqual(len(clean_extension('x' * 300)), 100)

    def test_same_place_with_and_without_the_code_of_the_country(self):
        for one, other, same in (
            ('201', '201', True),
            ('201', '202', False),
            ('', '', False),
            ('34976000000', '976000000', True),
            ('34976000000', '976000001', False),
            ('12345678', '9912345678', False),
            ('ana@example.com', 'ana@example.com', True),
        ):
            with self.subTest(one=one, other=other):
                self.assertIs(are_same_extension(one, other), same)

    def test_duration_is_read_in_seconds(self):
        for text, seconds in (
            ('75', 75),
            ('75.9', 75),
            ('75 s', 75),
            ('1:15', 75),
            ('01:00:05', 3605),
            ('999999', 86400),
            ('', 0),
            ('-5', 0),
            ('soon', 0),
        ):
            with self.subTest(text=text):
                self.assertEqual(read_seconds(text), seconds)

    def test_address_to_call_takes_the_number_and_runs_nothing(self):
        for text, is_one in (
            ('tel:{number}', True),
            ('sip:{number}@pbx.example.com', True),
            ('callto:{number}', True),
            ('https://pbx.example.com/call?to={number}&from={extension}', True),
            ('tel:', False),
            ('javascript:alert({number})', False),
            ('https:///{number}', False),
            ('tel:{number} now', False),
        ):
            with self.subTest(text=text):
                self.assertIs(is_dial_address(text), is_one)
