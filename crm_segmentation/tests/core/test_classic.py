from unittest import TestCase

from crm_segmentation.core.classic import ClassicLine, get_match, is_mixed


def lines(*optional):
    return [ClassicLine('sale', '>', 100, is_optional) for is_optional in optional]


class TestClassic(TestCase):
    def test_only_optional_lines_ask_for_any(self):
        for optional, match in [
            ((), 'all'),
            ((False,), 'all'),
            ((True,), 'any'),
            ((True, True), 'any'),
            ((True, False), 'all'),
        ]:
            self.assertEqual(get_match(lines(*optional)), match, optional)

    def test_several_optional_beside_mandatory_lines_are_mixed(self):
        for optional, mixed in [
            ((), False),
            ((True,), False),
            ((True, True), False),
            ((True, False), False),
            ((False, False), False),
            ((True, True, False), True),
            ((True, True, True, False), True),
            ((True, False, False, False), False),
            ((True, True, False, False), True),
        ]:
            self.assertIs(is_mixed(lines(*optional)), mixed, optional)
