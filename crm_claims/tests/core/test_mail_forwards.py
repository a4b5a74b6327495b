from unittest import TestCase

from crm_claims.core.mail_forwards import (
    Original,
    get_bare_subject,
    get_originals,
    get_text,
    is_forward,
)

MARTA = Original('Marta Ruiz', 'marta@beta.example')
WHO = 'Marta Ruiz <marta@beta.example>'
BLOCKS = {
    'es': f'De: {WHO}\nEnviado el: lunes\nPara: Carlos\nAsunto: No imprime',
    'es date': f'De: {WHO}\nFecha: lunes\nPara: Carlos\nAsunto: No imprime',
    'en': f'From: {WHO}\nSent: Monday\nTo: Carlos\nSubject: Broken',
    'fr': f'De : {WHO}\nEnvoyé : lundi\nÀ : Carlos\nObjet : Panne',
    'de': f'Von: {WHO}\nGesendet: Montag\nAn: Carlos\nBetreff: Kaputt',
    'pt': f'De: {WHO}\nEnviada em: segunda\nPara: Carlos\nAssunto: Avaria',
    'it': f'Da: {WHO}\nInviato: lunedì\nA: Carlos\nOggetto: Guasto',
    'ca': f'De: {WHO}\nEnviat: dilluns\nPer a: Carlos\nAssumpte: Avaria',
    'subject first': f'Asunto: No imprime\nFecha: lunes\nDe: {WHO}\nPara: Carlos',
    'quoted': f'> De: {WHO}\n> Asunto: No imprime\n> Fecha: lunes',
    'bold': f'*De:* {WHO}\n*Enviado:* lunes\n*Asunto:* No imprime',
    'bold around': f'**De**: {WHO}\n**Enviado**: lunes\n**Asunto**: No imprime',
    'blank lines': f'De: {WHO}\n\nEnviado: lunes\n\nAsunto: No imprime',
    'two blank lines': f'De: {WHO}\n\n\nEnviado: lunes\nAsunto: No imprime',
    'wrapped': 'De: Marta Ruiz\n <marta@beta.example>\nEnviado: lunes\nAsunto: No imprime',
    'mailto': 'From: Marta Ruiz [mailto:Marta@Beta.example]\nSent: x\nSubject: y',
    'doubled': 'De: Marta Ruiz <marta@beta.example<mailto:marta@beta.example>>\nFecha: x\nPara: y',
    'name behind': 'From: marta@beta.example (Marta Ruiz)\nDate: x\nTo: y',
    'text before': f'Os paso esto.\n\nDe: {WHO}\nEnviado: lunes\nPara: yo\n\nHola: buenas',
}
QUOTES = {
    'es': f'El lun, 19 oct 2026 a las 9:00, {WHO} escribió:',
    'es wrapped': 'El lun, 19 oct 2026 a las 9:00, Marta Ruiz (<marta@beta.example>)\nescribió:',
    'en': f'On Mon, Oct 19, 2026 at 9:00 AM {WHO} wrote:',
    'en 2': f'On 19/10/2026 09:00, {WHO} wrote:',
    'fr': f'Le lun. 19 oct. 2026 à 09:00, {WHO} a écrit :',
    'de': f'Am Mo., 19. Okt. 2026 um 09:00 Uhr schrieb {WHO}:',
    'pt': f'Em seg., 19 de out. de 2026 às 09:00, {WHO} escreveu:',
    'it': f'Il giorno lun 19 ott 2026 alle ore 09:00 {WHO} ha scritto:',
    'ca': f'El dl., 19 d\u2019oct. 2026, 9:00, {WHO} va escriure:',
    'quoted': f'> El 19 oct 2026, a las 9:00, {WHO} escribió:',
}


class TestOriginals(TestCase):
    def test_head_above_what_is_passed_on_names_who_wrote(self):
        for name, text in BLOCKS.items():
            with self.subTest(name):
                self.assertEqual(get_originals(text), [MARTA])

    def test_line_above_a_quotation_names_who_wrote(self):
        for name, text in QUOTES.items():
            with self.subTest(name):
                self.assertEqual(get_originals(f'Mirad.\n\n{text}\n> Hola'), [MARTA])

    def test_name_without_an_address(self):
        text = 'De: Marta Ruiz\nEnviado: lunes\nPara: Carlos\nAsunto: x\n\nescriba a b@c.example'
        self.assertEqual(get_originals(text), [Original('Marta Ruiz', '')])
        self.assertEqual(str(Original('Marta Ruiz', '')), 'Marta Ruiz')
        self.assertEqual(str(MARTA), '"Marta Ruiz" <marta@beta.example>')
        self.assertEqual(str(Original('', 'a@b.example')), 'a@b.example')

    def test_heads_before_quotations_each_in_order(self):
        text = (
            'El lun, 19 oct 2026 a las 9:00, Eva <eva@x.example> escribió:\n'
            'De: Ana <ana@x.example>\nFecha: lunes\nAsunto: x\n\n'
            'De: Luis <luis@x.example>\nFecha: lunes\nAsunto: x\n'
        )
        self.assertEqual([person.name for person in get_originals(text)], ['Ana', 'Luis', 'Eva'])

    def test_other_lines_with_a_colon_are_no_head(self):
        for text in (
            f'De: {WHO}\nAsunto: x',
            'Fecha: lunes\nPara: Carlos\nAsunto: x',
            f'De: {WHO}\n\nuno\ndos\ntres\nFecha: lunes\nAsunto: x',
            'De:\nFecha: lunes\nAsunto: x',
            f'El lun, {WHO} dijo:',
            f'Escriba a {WHO}: gracias',
            '',
        ):
            with self.subTest(text=text):
                self.assertEqual(get_originals(text), [])


class TestTexts(TestCase):
    def test_page_has_the_lines_that_are_read(self):
        html = (
            '<head><title>x</title><style>p {}</style></head><p>De:&nbsp;Ana</p><table><tr><th>'
            'Para: </th><td>Eva &lt;eva@x&gt;</td></tr></table>a<br>b<script>c</script>'
        )
        lines = [line.strip() for line in get_text(html).split('\n') if line.strip()]
        self.assertEqual(lines, ['De: Ana', 'Para: Eva <eva@x>', 'a', 'b'])
        self.assertEqual(get_text('a\r\nb'), 'a\nb')

    def test_forwards_are_told_from_answers(self):
        for subject in (
            'RV: x',
            'Fwd: x',
            'FW: x',
            'wg: x',
            'TR: x',
            'I: x',
            'ENC: x',
            'fwd[2]: x',
        ):
            self.assertTrue(is_forward(subject), subject)
        for subject in ('RE: x', 'Re: RV: x', 'x', 'Rvx: y', 'AW: x'):
            self.assertFalse(is_forward(subject), subject)

    def test_subject_without_what_programs_put_before_it(self):
        for subject, bare in (
            ('RV: Fwd: RE[2]: No imprime', 'No imprime'),
            ('AW: WG: x', 'x'),
            ('TR : x', 'x'),
            ('Resumen: x', 'Resumen: x'),
            ('Re:', ''),
            ('', ''),
        ):
            self.assertEqual(get_bare_subject(subject), bare)
