from odoo import api, models
from odoo.tools import SQL


class CrmTurnMixin(models.AbstractModel):
    """Records that requests at the same time change one after the other.

    The second of two waits, is told by the database that it is late, and is tried again by Odoo:
    a double click ends in what is true of the second click then. Without a turn it might have
    made first what there is once, a term or a follower, and end in an error of the database.
    """

    _name = 'crm.turn.mixin'
    _description = 'Changed in Turn'
    _turn_fields = frozenset()  # a change of these is made in turn

    def write(self, vals):
        if vals.keys() & self._turn_fields:
            self._take_turn()
        return super().write(vals)

    def _take_turn(self):
        """Wait until nobody else is changing the records; no update, so no KEY is locked."""
        if self.ids:
            self.env.cr.execute(
                SQL(
                    'SELECT FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE',
                    SQL.identifier(self._table),
                    tuple(self.ids),
                )
            )

    @api.model
    def _take_turn_with(self, records):
        """Let requests that read the same records of any model, and change others, take turns.

        The records are written as they are: without that, the database would let who had to wait
        go on with what was true before.
        """
        if not records.ids:
            return
        table, ids = SQL.identifier(records._table), tuple(records.ids)
        records.env.cr.execute(
            SQL('SELECT FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE', table, ids)
        )
        records.env.cr.execute(
            SQL('UPDATE %s SET write_date = write_date WHERE id IN %s', table, ids)
        )
