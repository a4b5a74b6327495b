from unittest import TestCase

from crm_extended.core.vcard import read_cards
from crm_extended.tests.core.cards import FOLDER, read_expected

# Compared in other words than those of the card.
_ELSEWHERE = {'notes', 'places', 'photo', 'unusable', 'left_out'}


class TestCardFiles(TestCase):
    def test_every_file_has_its_line(self):
        files = {file.name for file, _records in read_expected()}
        self.assertEqual(files | {'expected.jsonl'}, {file.name for file in FOLDER.iterdir()})

    def test_nothing_of_a_card_is_lost(self):
        expected = read_expected()
        self.assertGreater(len(expected), 70)
        for file, records in expected:
            cards = list(read_cards(file.read_bytes()))
            with self.subTest(file=file.name):
                self.assertEqual(len(cards), len(records))
            for card, record in zip(cards, records, strict=False):
                with self.subTest(file=file.name, record=record):
                    self._check(card, record)

    def _check(self, card, record):
        for name in record.keys() - _ELSEWHERE:
            value = getattr(card, name)
            self.assertEqual(list(value) if isinstance(value, tuple) else value, record[name])
        kept = '\n'.join([card.note, *map(' '.join, card.facts), *card.left_out])
        for text in record.get('notes', ()):
            self.assertIn(text, f'{kept}\n{card.state}\n{card.country}')
        self.assertEqual(bool(card.photo), record.get('photo', False))
        self.assertEqual(list(card.left_out), record.get('left_out', []))
        self.assertEqual(card.is_empty, record.get('unusable', False))
        self.assertEqual(card.is_cut, record.get('is_cut', False))
