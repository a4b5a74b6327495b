"""A number in a text has the decimals that it has, written as the reader writes them."""

from odoo.tests import TransactionCase, tagged

from ...tools.numbers import format_number, format_size


@tagged('post_install', '-at_install')
class TestNumbers(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('es_ES')
        cls.english = cls.env(context={'lang': 'en_US'})
        cls.spanish = cls.env(context={'lang': 'es_ES'})

    def test_number_is_written_in_the_language_of_the_reader(self):
        for value, english, spanish in (
            (3.2, '3.2', '3,2'),
            (3.0, '3', '3'),
            (0.30000000000000004, '0.3', '0,3'),
            (1234567.5, '1,234,567.5', '1.234.567,5'),
            (-0.125, '-0.125', '-0,125'),
        ):
            with self.subTest(value=value):
                self.assertEqual(format_number(self.english, value), english)
                self.assertEqual(format_number(self.spanish, value), spanish)
        self.assertEqual(format_number(self.spanish, 3.2, least=2), '3,20')

    def test_size_of_a_file_has_the_unit_that_people_use(self):
        for size, text in ((0, '0 B'), (1536, '1,5 kB'), (12.5 * 2**20, '12,5 MB')):
            with self.subTest(size=size):
                self.assertEqual(format_size(self.spanish, size), text)
        self.assertEqual(format_size(self.english, 3 * 2**30), '3,072 MB')
