"""What is stored changes only on purpose: fields, constraints and indexes as of the last commit."""

import os
from pathlib import Path

from odoo import models
from odoo.tests import TransactionCase, tagged

from tests.suite import ADDONS, models_of_ours

SNAPSHOT = Path(__file__).with_name('schema.txt')
RENEW = (
    'CRM_RENEW=1 make test T=tests/sanity/test_schema.py renews the list; a change of stored data'
)
FLAGS = ('required', 'readonly', 'store', 'company_dependent', 'translate', 'index')

CONSTRAINTS = """
    SELECT conrelid::regclass, conname, pg_get_constraintdef(oid)
      FROM pg_constraint
     WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('c', 'u', 'x', 'f')
"""
INDEXES = """
    SELECT tablename, indexdef FROM pg_indexes
     WHERE tablename = ANY(%s) AND indexname NOT LIKE '%%_pkey'
"""


@tagged('post_install', '-at_install')
class TestSchema(TransactionCase):
    maxDiff = None

    def test_fields_constraints_and_indexes_are_those_of_the_snapshot(self):
        lines = [*self._read_fields(), *self._read_constraints(), *self._read_indexes()]
        self.assertGreater(len(lines), 1000)
        text = ''.join(f'{line}\n' for line in sorted(lines))
        if os.environ.get('CRM_RENEW'):
            SNAPSHOT.write_text(text, encoding='utf-8')
        before = set(SNAPSHOT.read_text(encoding='utf-8').splitlines())
        self.assertEqual(
            (sorted(before - set(lines)), sorted(set(lines) - before)),
            ([], []),
            f'gone, and come; {RENEW} comes with its migration script',
        )

    def _read_fields(self):
        for model in map(self.env.__getitem__, self.env):
            for field in model._fields.values():
                if not model._abstract and self._is_declared_by_us(model, field):
                    flags = [name for name in FLAGS if getattr(field, name, None)]
                    comodel = [field.comodel_name] if field.comodel_name else []
                    words = [str(field), field.type, *comodel, *flags]
                    yield ' '.join(['field', *words])

    def _is_declared_by_us(self, model, field):
        """Tell whether one of our addons brought the field, by itself or with its model."""
        if field.inherited or field.name in (*models.MAGIC_COLUMNS, 'display_name'):
            return False
        return model._original_module in ADDONS or next(iter(field._modules), None) in ADDONS

    def _read_constraints(self):
        self.env.cr.execute(CONSTRAINTS, [self._get_tables()])
        return (f'constraint {" ".join(map(str, row))}' for row in self.env.cr.fetchall())

    def _read_indexes(self):
        self.env.cr.execute(INDEXES, [self._get_tables()])
        return (f'index {" ".join(row)}' for row in self.env.cr.fetchall())

    def _get_tables(self):
        return [
            model._table
            for model in models_of_ours(self.env)
            if not model._abstract and model._auto
        ]
