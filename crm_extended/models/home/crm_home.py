from collections import defaultdict
from typing import NamedTuple

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, format_datetime, format_time

from ...core.home import ROWS, Block, Row, get_most_urgent, get_part_of_day
from ...core.hours import get_day

VIEWS = {'list': None, 'kanban': None, 'form': None}


class Found(NamedTuple):
    """What a list of a home finds."""

    number: int  # of all
    records: models.BaseModel  # the first of them
    domain: Domain


class CrmHome(models.AbstractModel):
    """The day of a role: what is to be done, told with the rights of the user.

    Addons add roles by ``_get_home_roles`` and cards by ``_get_home_blocks``.
    """

    _name = 'crm.home'
    _description = 'My Day'

    # === ACTIONS === #

    @api.model
    @api.readonly
    def action_tell_home(self, role):
        """Return what the home of a role shows: ``role, title, greeting, day, roles, blocks``.

        ``roles`` are all homes that the user has. Refused with an AccessError for others, and for
        roles that there are not.

        :param str role: a key of ``_get_home_roles``
        """
        homes = self._get_own_homes(role)
        blocks = [
            *self._get_home_blocks(role),
            *(
                self._prepare_home_block(key=key, is_later=True, **values)
                for key, (values, _prepare) in self._get_home_later(role).items()
            ),
        ]
        return {
            'role': role,
            'title': homes[role]['title'],
            'greeting': self._get_home_greeting(),
            'day': format_date(self.env, fields.Date.context_today(self), date_format='full'),
            'roles': self._prepare_home_roles(homes),
            'blocks': sorted(blocks, key=lambda block: block['sequence']),
        }

    @api.model
    @api.readonly
    def action_tell_home_card(self, role, key):
        """Return a card that the home of a role announced with ``is_later``.

        Refused as the home is, and for cards that were not announced.

        :param str role: a key of ``_get_home_roles``
        :param str key: that of the card
        """
        self._get_own_homes(role)
        later = self._get_home_later(role)
        if str(key) not in later:
            raise AccessError(self.env._('There is no such card.'))
        values, prepare = later[key]
        return prepare(key=key, **values)

    # === HOOKS === #

    @api.model
    def _get_home_roles(self):
        """Return {role: {title, groups and action (xml ids), sequence}}; add to it."""
        return {}

    @api.model
    def _get_home_blocks(self, role):
        """Return the cards of a role, each as a ``Block`` of ``core/home.py`` says; add to them."""
        return []

    @api.model
    def _get_home_later(self, role):
        """Return {key: (what is known of a card, method that makes it of that)}; add to it.

        For cards that cost more than a look: each is asked for by itself once the others are
        shown, and less often.
        """
        return {}

    # === BUSINESS === #

    @api.model
    def _get_own_homes(self, role):
        """Return the roles that the user has, in their order.

        :raises AccessError: if the wanted one is not among them
        """
        homes = {
            role: home
            for role, home in self._get_home_roles().items()
            if self.env.user.has_groups(home['groups'])
        }
        if str(role) not in homes:
            raise AccessError(self.env._('You have no home for this role.'))
        return dict(sorted(homes.items(), key=lambda item: item[1]['sequence']))

    @api.model
    def _prepare_home_roles(self, homes):
        """Return where each of the homes is."""
        find = self.env['ir.model.data']._xmlid_to_res_id
        return [
            {'role': role, 'title': home['title'], 'action_id': find(home['action'])}
            for role, home in homes.items()
        ]

    @api.model
    def _get_home_greeting(self):
        name = self.env.user.name
        greetings = {
            'morning': self.env._('Good morning, %s', name),
            'afternoon': self.env._('Good afternoon, %s', name),
            'evening': self.env._('Good evening, %s', name),
        }
        now = fields.Datetime.context_timestamp(self, fields.Datetime.now())
        return greetings[get_part_of_day(now.hour)]

    @api.model
    def _find_home_records(self, wanted, limit=ROWS):
        """Return {key: what is found} for many lists, in one statement.

        :param dict wanted: {key: (model, domain, order)}, read with the rights of the user
        """
        rows = self._execute_home_lists(
            [
                self._select_home_records(key, model, domain, order, limit)
                for key, (model, domain, order) in wanted.items()
            ]
        )
        numbers, ids, ids_of_model = {}, defaultdict(list), defaultdict(list)
        for key, record_id, number in rows:
            numbers[key] = number
            ids[key].append(record_id)
            ids_of_model[wanted[key][0]].append(record_id)
        return {
            key: Found(
                numbers.get(key, 0),
                # whatever lists of a model there are, it is read once
                self.env[model].browse(ids[key]).with_prefetch(ids_of_model[model]),
                domain,
            )
            for key, (model, domain, _order) in wanted.items()
        }

    @api.model
    def _execute_home_lists(self, lists):
        lists = list(filter(None, lists))
        return self.env.execute_query(SQL(' UNION ALL ').join(lists)) if lists else []

    @api.model
    def _select_home_records(self, key, model, domain, order, limit):
        """Return the SQL of (key, id, number of all); None where there is nothing to find."""
        query = self.env[model]._search(domain, order=order)
        if query.is_empty():
            return None
        query.limit = limit  # not searched with it: activities would count no more than these
        record_id = SQL.identifier(query.table, 'id')
        return SQL('(%s)', query.select(SQL('%s::text', key), record_id, SQL('COUNT(*) OVER ()')))

    @api.model
    def _prepare_home_block(self, **values):
        """Return a card, as ``Block`` of ``core/home.py`` describes it."""
        return Block(**values).as_dict()

    @api.model
    def _prepare_home_list(self, found, get_values, views=None, **values):
        """Return a card that counts what was found, shows the first of it and opens all.

        Its tone is the most urgent one of its rows.

        :param found: one list of ``_find_home_records``
        :param get_values: function of a record that returns what is said beside its name
        :param dict views: {mode: xml id of the view, or None for the model's own}
        """
        rows = self._prepare_home_rows(found.records, get_values)
        return self._prepare_home_block(
            count=found.number,
            rows=rows,
            tone=get_most_urgent(row.tone for row in rows),
            action=self._prepare_home_list_action(found, values['title'], views, values['empty']),
            **values,
        )

    @api.model
    def _prepare_home_list_action(self, found, title, views=None, empty=''):
        model = found.records._name
        return self._prepare_home_action(title, model, found.domain, views, empty=empty)

    @api.model
    def _prepare_home_rows(self, records, get_values):
        """Return the rows of records.

        :param get_values: function of a record that returns what is said beside its name
        """
        return tuple(self._prepare_home_row(record, **get_values(record)) for record in records)

    @api.model
    def _prepare_home_row(self, record, name=None, **values):
        return Row(record.id, record._name, name or record.display_name, **values)

    @api.model
    def _prepare_home_action(self, name, model, domain, views=None, context=None, empty=''):
        """Return the window action that lists exactly the records of a domain.

        Made without a look into the database: a home has many.

        :param dict views: {mode: xml id of the view, or None for the model's own}
        """
        return {
            'type': 'ir.actions.act_window',
            'name': name,
            'res_model': model,
            'domain': list(Domain(domain)),
            'views': [
                (self._get_home_view_id(xmlid), mode) for mode, xmlid in (views or VIEWS).items()
            ],
            'context': context or {},
            'target': 'current',
            'help': Markup('<p class="o_view_nocontent_smiling_face">%s</p>') % empty,
        }

    @api.model
    def _get_home_view_id(self, xmlid):
        # not env.ref: it would ask the database for each
        find = self.env['ir.model.data']._xmlid_to_res_id
        return bool(xmlid) and find(xmlid, raise_if_not_found=False)

    # === WORDS === #

    @api.model
    def _get_home_link_name(self, record):
        # sudo: as in Odoo's lists, who reads a document reads what its links are called
        return record.sudo().display_name or ''

    @api.model
    def _format_home_moment(self, moment):
        """Return a moment in UTC as people say it: the hour today, else the day and the hour."""
        zone = self.env.tz
        if get_day(moment, zone) == fields.Date.context_today(self):
            return format_time(self.env, moment, tz=zone.zone, time_format='short')
        return format_datetime(self.env, moment, tz=zone.zone, dt_format='d MMM HH:mm')

    @api.model
    def _format_home_day(self, day):
        return format_date(self.env, day, date_format='d MMM') if day else ''
