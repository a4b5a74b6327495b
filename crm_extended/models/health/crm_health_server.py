from odoo import api, models
from odoo.modules.db import FunctionStatus, has_trigram, has_unaccent
from odoo.tools import SQL, config, sql

MOST_NAMED = 5


class CrmHealth(models.TransientModel):
    """The database, the server and its configuration."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        return [
            *super()._get_health_checks(),
            *self._get_health_database(),
            self._get_health_indexes(),
            *self._get_health_configuration(),
            *self._get_health_processes(),
            *self._get_health_users(),
        ]

    @api.model
    def _get_health_database(self):
        unaccent = has_unaccent(self.env.cr)
        parameters = self.env['ir.config_parameter']
        is_open = parameters.get_param('web.base.url', '').startswith('http://')
        return [
            self._prepare_health_flag(
                'server.trigrams',
                self.env._('Search by parts of names (pg_trgm)'),
                has_trigram(self.env.cr),
                self.env._('Slow without: CREATE EXTENSION pg_trgm, then upgrade the addons.'),
            ),
            self._prepare_health_flag(
                'server.unaccent',
                self.env._('Search without accents (unaccent)'),
                unaccent != FunctionStatus.PRESENT,
                self.env._('Slow: the function unaccent has to be immutable, or go.'),
                detail='' if unaccent else self.env._('Not there: accents have to be typed.'),
            ),
            self._prepare_health_flag(
                'server.copy',
                self.env._('Neutralised copy'),
                not self._is_neutralised(),
                self.env._('This is a copy: it sends and bills nothing.'),
            ),
            self._prepare_health_flag(
                'server.address',
                self.env._('Encrypted address'),
                not is_open,
                self.env._('web.base.url begins with http: links in mails are not encrypted.'),
            ),
        ]

    @api.model
    def _is_neutralised(self):
        return bool(self.env['ir.config_parameter'].get_param('database.is_neutralized'))

    @api.model
    def _get_health_indexes(self):
        expected = self._get_health_index_names()
        rows = self.env.execute_query(
            SQL(
                """SELECT indexname FROM pg_indexes
                    WHERE schemaname = current_schema AND indexname = ANY(%s)""",
                sorted(expected),
            )
        )
        missing = sorted(expected - {name for (name,) in rows})
        return self._prepare_health_check(
            'server.indexes',
            'server',
            self.env._('Indexes that are missing'),
            'look' if missing else 'good',
            self.env._('Upgrade the addons: the server makes them again.'),
            count=len(missing),
            detail=', '.join(missing[:MOST_NAMED]),
        )

    @api.model
    def _get_health_index_names(self):
        """Return the names of the indexes that the addons ask for in this database."""
        addons = set(self._get_health_addons())
        names = set()
        for model in map(self.env.__getitem__, self.env.registry):
            if model._auto and not model._abstract:
                names |= {
                    index.full_name(model)
                    for index in model._table_objects.values()
                    if index._module in addons
                    and isinstance(index, models.Index)
                    and index.get_definition(self.env.registry)
                }
                names |= {
                    sql.make_index_name(model._table, field.name)
                    for field in model._fields.values()
                    if field.store and field.column_type and self._is_indexed(field, addons)
                }
        return names

    @api.model
    def _is_indexed(self, field, addons):
        if not field.index or not set(field._modules or ()) & addons:
            return False
        if field.index == 'trigram':
            return self.env.registry.has_trigram
        return not field.translate

    @api.model
    def _get_health_configuration(self):
        return [
            self._prepare_health_flag(
                'server.databases',
                self.env._('List of databases'),
                not config['list_db'],
                self.env._('Everybody can ask for it: list_db = False in the configuration.'),
            ),
            self._prepare_health_flag(
                'server.password',
                self.env._('Master password'),
                config['admin_passwd'] != 'admin',
                self.env._('It is the one of every new Odoo: set admin_passwd.'),
                state='act' if config['list_db'] else 'look',
            ),
        ]

    @api.model
    def _get_health_processes(self):
        return [
            self._prepare_health_flag(
                'server.workers',
                self.env._('Workers'),
                config['workers'],
                self.env._('One process serves all: set workers to two for each core.'),
                count=config['workers'] or 0,
            ),
            self._prepare_health_flag(
                'server.cron_workers',
                self.env._('Workers for jobs'),
                config['max_cron_threads'],
                self.env._('This server runs no jobs: another one has to.'),
                count=config['max_cron_threads'] or 0,
            ),
            self._prepare_health_flag(
                'server.proxy',
                self.env._('Proxy'),
                config['proxy_mode'] or not config['workers'],
                self.env._('Set proxy_mode: senders are told apart by their addresses.'),
            ),
        ]

    @api.model
    def _get_health_users(self):
        no_zone = ('tz', '=', False)
        inside = [('share', '=', False), ('active', '=', True), no_zone]
        return [
            self._prepare_health_count(
                ('res.users', inside),
                'user.time_zone',
                'user',
                self.env._('Users without a time zone'),
                self.env._('Set it in their preferences: hours are told in UTC until then.'),
            ),
            self._prepare_health_count(
                ('res.company', [('active', '=', True), ('partner_id.tz', '=', False)]),
                'user.company_time_zone',
                'user',
                self.env._('Companies without a time zone'),
                self.env._('Set it on the contact of the company: its days begin in UTC.'),
            ),
        ]

    @api.model
    def _prepare_health_flag(self, key, name, is_good, advice, state='look', **values):
        """Return a check of the server that is good or not."""
        state = 'good' if is_good else state
        return self._prepare_health_check(key, 'server', name, state, advice, **values)
