from unittest import TestCase

from crm_claims.core.answers import insert_text

SIGNATURE = '<div data-o-mail-quote="1"><br>-- <br>Ana</div>'


class TestAnswers(TestCase):
    def test_text_goes_below_what_was_typed_and_above_the_signature(self):
        self.assertEqual(insert_text('', '<p>Hello</p>'), '<p>Hello</p>')
        self.assertEqual(insert_text('<p>A</p>', '<p>B</p>'), '<p>A</p><p>B</p>')
        self.assertEqual(
            insert_text(f'<p>A</p>{SIGNATURE}', '<p>B</p>'), f'<p>A</p><p>B</p>{SIGNATURE}'
        )
        self.assertEqual(insert_text(SIGNATURE, '<p>B</p>'), f'<p>B</p>{SIGNATURE}')
