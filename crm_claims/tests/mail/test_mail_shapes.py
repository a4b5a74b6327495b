from pathlib import Path

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import AGENT
from .common import ServiceMailCommon

MAILS = Path(__file__).parent / 'mails'
LUCIA, MARTA, CARLOS = 'lucia@acme.example', 'marta@beta.example', 'carlos@talleres.example'

# What becomes of each mail: ('opens', whose case it is, what is to be read), with the sender as the
# customer; ('answers' or 'noted', what is to be read); ('aside', why); ('forwards', the original).
EXPECTED = {
    '01_plain': ('opens', LUCIA, 'la prensa pierde aceite'),
    '02_number_in_subject': ('answers', 'Sigue igual'),
    '03_only_references': ('answers', 'solo con References'),
    '04_number_of_a_stranger': ('opens', 'iker@otro.example', 'Mi caso'),
    '05_forward_by_agent': ('forwards', MARTA, 'etiquetadora'),
    '06_forward_as_attachment': ('forwards', MARTA, 'La etiquetadora no imprime.eml'),
    '07_inline_images': ('opens', LUCIA, 'Lucía'),
    '08_winmail_dat': ('opens', LUCIA, 'avería.pdf'),
    '09_calendar': ('opens', LUCIA, 'Reunión sobre la incidencia.ics'),
    '10_ooo_outlook': ('noted', 'vuelvo el lunes'),
    '11_ooo_gmail': ('noted', 'Estoy de vacaciones'),
    '12_ooo_exchange_without_references': ('aside', 'absence'),
    '13_ooo_subject_only': ('noted', 'hasta el lunes'),
    '14_ooo_directadmin': ('noted', 'vuelvo el lunes'),
    '15_ooo_cpanel': ('noted', 'Vacaciones'),
    '16_ooo_vacation_program': ('noted', 'On vacation'),
    '17_bounce': ('bounces',),
    '18_read_receipt': ('aside', 'receipt'),
    '19_group_rewrite': ('opens', MARTA, 'por el grupo'),
    '20_list_of_others': ('aside', 'mass'),
    '21_smime_detached': ('opens', LUCIA, 'firma aparte'),
    '22_smime_opaque': ('opens', LUCIA, 'el horno no calienta'),
    '23_unknown_charset': ('opens', LUCIA, 'Avería en la máquina', 'original_mail.eml'),
    '24_charset_declared_wrongly': ('opens', LUCIA, 'La máquina está', 'original_mail.eml'),
    '25_html_only_encoded_twice': ('opens', LUCIA, 'Hay fuego'),
    '26_charset_undeclared': ('opens', LUCIA, 'La máquina está averiada', 'original_mail.eml'),
    '27_bcc': ('opens', LUCIA, 'En copia oculta'),
    '28_spamassassin': ('aside', 'spam'),
    '29_plus_address': ('opens', LUCIA, 'Hola'),
    '30_contact_form': ('opens', 'nuria@gamma.example', 'no funciona'),
    '31_agent_reply_by_mail': ('answered', 'Lo miramos'),
    '32_pgp_inline': ('opens', LUCIA, 'El horno no calienta.', 'original_mail.eml'),
    '33_future_date': ('opens', LUCIA, 'Hola'),
    '34_no_subject': ('opens', LUCIA, 'no arranca hoy'),
    '35_duplicate': ('ignored',),
    '36_eight_bit_heads': ('opens', LUCIA, 'Avería', 'original_mail.eml'),
    '37_two_from': ('opens', LUCIA, 'hola'),
    '38_two_to': ('opens', LUCIA, 'A los dos'),
    '39_other_address': ('answers', 'Escribo desde casa'),
    '40_alias_writes_to_itself': ('aside', 'absence'),
    '41_long_quote': ('answers', 'Sí, hoy'),
    '42_spam_microsoft': ('aside', 'spam'),
    '43_newsletter': ('aside', 'mass'),
    '44_spam_rspamd': ('aside', 'spam'),
    '45_ooo_null_returnpath': ('noted', 'Estoy de vacaciones'),
    '46_delayed': ('aside', 'receipt'),
    '47_forward_gmail': ('forwards', MARTA, 'Hola'),
    '48_spam_subject': ('aside', 'spam'),
    '49_no_spam': ('opens', LUCIA, 'Buenos días'),
    '50_ooo_subject_fr': ('noted', 'Absent'),
    '51_ooo_subject_de': ('noted', 'Absent'),
    '52_ooo_subject_pt': ('noted', 'Absent'),
    '53_ooo_subject_it': ('noted', 'Absent'),
    '54_ooo_subject_ca': ('noted', 'Absent'),
    '55_ooo_subject_en': ('noted', 'Absent'),
    '56_ooo_subject_nl': ('noted', 'Absent'),
    '57_ooo_subject_es_suffix': ('noted', 'Absent'),
    '58_read_receipt_in_thread': ('noted', 'se leyó el lunes'),
    '59_huge': ('opens', LUCIA, 'linea larga'),
    '60_absence_as_a_subject_of_its_own': ('opens', LUCIA, 'no guarda'),
    '61_ooo_exim': ('noted', 'vuelvo el lunes'),
    '62_ooo_groupwise': ('noted', 'vuelvo el lunes'),
    '63_ooo_zimbra': ('noted', 'vuelvo el lunes'),
    '64_ooo_plesk': ('noted', 'vuelvo el lunes'),
    '65_ooo_squirrel_panel': ('noted', 'vuelvo el lunes'),
    '66_ooo_kerio': ('noted', 'vuelvo el lunes'),
    '67_ooo_notes': ('noted', 'vuelvo el lunes'),
    '68_damaged_utf8': ('opens', LUCIA, 'La máquina está', 'original_mail.eml'),
    '69_bounce_without_parent': ('aside', 'bounce'),
    '70_reply_to_of_a_known_person': ('opens', LUCIA, 'Hola'),
    '71_newsletter_of_a_service': ('aside', 'mass'),
    '72_own_group': ('opens', MARTA, 'Por el grupo'),
    '73_contact_form_of_a_service': ('opens', 'nuria2@gamma.example', 'No funciona'),
    '74_envelope_to': ('opens', LUCIA, 'Copia oculta'),
    '75_plus_address_in_copy': ('opens', LUCIA, 'Con más'),
    '76_smime_encrypted': ('opens', LUCIA, 'encrypted and cannot be read', 'smime.p7m'),
    '77_pgp_encrypted': ('opens', LUCIA, 'encrypted and cannot be read', 'encrypted.asc'),
    '78_winmail_broken': ('opens', LUCIA, 'winmail.dat could not be opened', 'winmail.dat'),
    '79_pgp_mime_signed': ('opens', LUCIA, 'no calienta (PGP)', 'signature.asc'),
    '80_gb2312': ('opens', LUCIA, '打印机不工作了'),
    '81_koi8_undeclared': ('opens', LUCIA, 'принтер не работает', 'original_mail.eml'),
    '82_utf8_declared_latin': ('opens', LUCIA, 'La máquina está averiada'),
    '83_file_of_another_charset': ('opens', LUCIA, 'Va el fichero', 'averias.csv'),
    '84_broken_coded_words': ('opens', LUCIA, 'Hola'),
    '85_windows_quotes': ('opens', LUCIA, 'La “prensa” cuesta 20 €'),
    '86_own_request_of_a_colleague': ('opens', CARLOS, 'está rota'),
    '87_monitoring': ('opens', 'monitor@acme.example', 'CPU 99 %'),
    '88_answer_by_a_list': ('answers', 'Seguimos parados'),
    '89_spam_barracuda': ('aside', 'spam'),
    '90_subject_without_spaces': ('opens', LUCIA, 'Hola'),
    '91_forward_thunderbird': ('forwards', MARTA, 'Hola'),
    '92_forward_apple': ('forwards', MARTA, 'Hola'),
    '93_forward_outlook_de': ('forwards', MARTA, 'Hola'),
    '94_forward_outlook_fr': ('forwards', MARTA, 'Hola'),
    '95_forward_outlook_pt': ('forwards', MARTA, 'Hola'),
    '96_forward_outlook_it': ('forwards', MARTA, 'Hola'),
    '97_forward_outlook_ca': ('forwards', MARTA, 'Hola'),
    '98_forward_outlook_en': ('forwards', MARTA, 'Hola'),
    '99_forward_samsung': ('forwards', MARTA, 'Hola'),
    '100_forward_name_only': ('forwards', False, 'Hola'),
    '101_forward_of_a_forward': ('forwards', MARTA, 'Hola'),
    '102_answer_of_a_colleague_in_copy': ('forwards', MARTA, 'No imprime'),
}
SUBJECTS = {
    '05_forward_by_agent': 'No imprime la etiquetadora',
    '23_unknown_charset': 'Avería',
    '34_no_subject': 'La prensa no arranca hoy.',
    '36_eight_bit_heads': 'Avería en la máquina',
    '84_broken_coded_words': 'Máquina parada',
    '90_subject_without_spaces': ('averia' * 80)[:249] + '…',
    '101_forward_of_a_forward': 'No imprime',
}
UNACKNOWLEDGED = {'87_monitoring'}


@tagged('post_install', '-at_install')
class TestMailShapes(ServiceMailCommon):
    """Mails as programs, panels and services write them, over the gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain.name = 'ayuda.example'
        cls.ticket_address.alias_name = 'soporte'
        cls.claim_address.alias_name = 'reclamaciones'
        cls.lucia = cls.env['res.partner'].create(
            {'name': 'Lucía Peña', 'email': LUCIA, 'parent_id': cls.customer.id}
        )
        cls.carlos = new_test_user(cls.env, 'carlos', AGENT, name='Carlos Agente', email=CARLOS)
        cls.repairs.member_ids += cls.carlos
        cls.env['ir.config_parameter'].set_param('mail.gateway.loop.threshold', '1000')
        cls.case = cls.create_case(partner_id=cls.lucia.id, user_id=cls.carlos.id)
        cls.question = cls.case.with_user(cls.carlos).message_post(
            body='¿Desde cuándo?', message_type='comment', subtype_xmlid='mail.mt_comment'
        )

    def receive_file(self, name):
        """Let the mail arrive while the case waits, and return what it opened."""
        self.case.stage_id = self.stages['waiting']
        raw = (MAILS / f'{name}.eml').read_bytes()
        parent, number = self.question.message_id.strip('<>'), self.case.number
        raw = raw.replace(b'PARENT', parent.encode()).replace(b'NUMBER', number.encode())
        return self.receive_raw(raw)

    @mute_logger('odoo.addons.mail.models.mail_thread')
    def test_every_mail_becomes_what_its_shape_tells(self):
        self.assertEqual({path.stem for path in MAILS.glob('*.eml')}, set(EXPECTED))
        self.env['service.ticket'].flush_model()
        for name, (outcome, *details) in EXPECTED.items():
            self.messages = self.case.message_ids
            self.last_mail = self.env['service.mail'].search([], limit=1)
            self.sent = self.env['mail.mail'].search([], limit=1, order='id desc').id
            case = self.receive_file(name)
            with self.subTest(mail=name):
                getattr(self, f'assert_{outcome}')(name, case, *details)

    # === WHAT BECOMES OF A MAIL === #

    def assert_opens(self, name, case, sender, text, file=None):
        self.assertEqual(len(case), 1)
        self.assertEqual(case.email_normalized, sender)
        self.assertEqual(case.partner_id, self.env['res.partner'].search([('email', '=', sender)]))
        self.assertFalse(case.forwarded_by_id)
        self.assert_readable(name, case, text, file)
        if name in UNACKNOWLEDGED:
            self.assertFalse(self.get_acknowledgement(case))

    def assert_forwards(self, name, case, sender, text):
        self.assertEqual(case.email_normalized, sender)
        self.assertEqual(case.forwarded_by_id, self.carlos.partner_id)
        self.assertIn('Marta Ruiz', case.forwarded_from)
        self.assertFalse(case.partner_id)
        self.assertFalse(self.get_acknowledgement(case))
        self.assert_readable(name, case, text)

    def assert_readable(self, name, case, text, file=None):
        mail = case.message_ids.filtered(lambda message: message.message_type == 'email')
        files = mail.attachment_ids.mapped('name')
        self.assertIn(text, ' '.join([mail.body, *files]))
        self.assertEqual('original_mail.eml' in files, file == 'original_mail.eml')
        if file:
            self.assertIn(file, files)
        if name in SUBJECTS:
            self.assertEqual(case.name, SUBJECTS[name])

    def assert_answers(self, _name, case, text):
        self.assertFalse(case, 'a second case')
        self.assertEqual(self.case.stage_kind, 'open')
        self.assertIn(text, (self.case.message_ids - self.messages).mapped('body')[-1])

    def assert_answered(self, name, case, text):
        """An agent answers by mail."""
        self.assertFalse(case)
        self.assertEqual(self.case.stage_kind, 'waiting')
        new = self.case.message_ids - self.messages
        self.assertIn(text, new.body)
        self.assertFalse(new.subtype_id.internal)

    def assert_noted(self, name, case, text):
        self.assertFalse(case)
        self.assertEqual(self.case.stage_kind, 'waiting')
        note = self.case.message_ids - self.messages
        self.assertIn(text, note.body)
        self.assertTrue(note.subtype_id.internal)
        self.assert_nobody_was_answered()

    def assert_aside(self, name, case, reason):
        self.assertFalse(case)
        mail = self.env['service.mail'].search([], limit=1)
        self.assertNotEqual(mail, self.last_mail)
        self.assertEqual(mail.reason, reason)
        self.assertEqual(mail.team_id, self.repairs)
        self.assertTrue(mail.subject)
        self.assert_nothing_moved()

    def assert_bounces(self, name, case):
        """The message that did not arrive says so."""
        self.assertFalse(case)
        self.assert_nothing_moved()

    def assert_ignored(self, name, case):
        self.assertFalse(case)
        self.assert_nothing_moved()

    def assert_nothing_moved(self):
        self.assertEqual(self.case.stage_kind, 'waiting')
        self.assertEqual(self.case.message_ids, self.messages)
        self.assert_nobody_was_answered()

    def assert_nobody_was_answered(self):
        sent = self.env['mail.mail'].search([('id', '>', self.sent or 0)])
        self.assertFalse(sent.filtered(lambda mail: mail.message_type != 'notification'))
