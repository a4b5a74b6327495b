from unittest import TestCase

from crm_extended.core.channels import find_channel_names, get_channel_names


class TestChannelNames(TestCase):
    def test_every_spanish_has_the_spanish_names(self):
        for language in ('es', 'es_ES', 'es_MX'):
            with self.subTest(language=language):
                self.assertEqual(get_channel_names(language)['Website'], 'Página web')
        for language in ('en_US', 'et_EE', 'fr', '', None):
            with self.subTest(language=language):
                self.assertEqual(get_channel_names(language), {})

    def test_names_are_looked_for_as_texts_are(self):
        for operator, value, found in (
            ('ilike', 'DIR', ['Direct']),
            ('like', 'visión', ['Television']),
            ('=', 'Directo', ['Direct']),
            ('=', 'Direct', []),
            ('=', 'directo', []),
            ('in', ['Anuncio', 'Teléfono', 'Feria'], ['Phone', 'Banner']),
            ('in', [], []),
            ('=', False, []),
            ('ilike', False, []),
            ('ilike', ['dir'], []),
            ('not ilike', 'dir', []),
            ('not in', ['Directo'], []),
        ):
            with self.subTest(operator=operator, value=value):
                self.assertEqual(find_channel_names('es_ES', operator, value), found)
        self.assertEqual(find_channel_names('en_US', 'ilike', 'Dir'), [])
