from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

# What a visitor of a list chooses, as parts of its address.
CHOICES = ('sortby', 'filterby', 'groupby', 'search_in')
LARGEST_PAGE = 10**6

# Kinds of stage of each filter of the list; all of them without one.
FILTERS = {
    'open': ('new', 'open', 'waiting'),
    'waiting': ('waiting',),
    'closed': ('solved', 'rejected'),
}
SEARCHED = {'all': ('number', 'name'), 'number': ('number',), 'name': ('name',)}


class ServicePortalList(CustomerPortal):
    """How the customer's lists are sorted, filtered, searched and leafed through.

    Odoo makes one class of all portal controllers: other pages of ours use it too.
    """

    def _service_get_sortings(self):
        return {
            'date': {'label': request.env._('Newest'), 'order': 'date_open desc, id desc'},
            'name': {'label': request.env._('Subject'), 'order': 'name, id'},
            'number': {'label': request.env._('Number'), 'order': 'number desc, id desc'},
            'status': {'label': request.env._('Status'), 'order': 'stage_kind, id desc'},
        }

    def _service_get_filters(self):
        return {
            'all': {'label': request.env._('All')},
            'open': {'label': request.env._('Open')},
            'waiting': {'label': request.env._('Waiting for You')},
            'closed': {'label': request.env._('Closed')},
        }

    def _service_get_groupings(self):
        return {
            'none': {'label': request.env._('None')},
            'stage_id': {'label': request.env._('Status')},
            'partner_id': {'label': request.env._('Contact')},
        }

    def _service_get_inputs(self):
        return {
            'all': {'input': 'all', 'label': request.env._('Search in All')},
            'number': {'input': 'number', 'label': request.env._('Search in Number')},
            'name': {'input': 'name', 'label': request.env._('Search in Subject')},
        }

    def _service_prepare_searchbar(self, **chosen):
        """Return the choices of the list and what is chosen; what is unknown is the first."""
        offered = {
            'sortby': self._service_get_sortings(),
            'filterby': self._service_get_filters(),
            'groupby': self._service_get_groupings(),
            'search_in': self._service_get_inputs(),
        }
        valid = {
            name: chosen[name] if chosen[name] in options else next(iter(options))
            for name, options in offered.items()
        }
        return {
            **valid,
            'searchbar_sortings': offered['sortby'],
            'searchbar_filters': offered['filterby'],
            'searchbar_groupby': offered['groupby'],
            'searchbar_inputs': offered['search_in'],
        }

    def _service_get_page(self, records, domain, url, page, choices, search):
        """Return the records on one page of a list, and the pager that leads to the others."""
        pages = pager(
            url=url,
            total=records.search_count(domain),
            page=self._service_get_page_number(page),
            step=self._items_per_page,
            url_args={
                **{name: choices[name] for name in CHOICES if name in choices},
                'search': search,
            },
        )
        found = records.search(
            domain,
            order=choices['searchbar_sortings'][choices['sortby']]['order'],
            limit=self._items_per_page,
            offset=pages['offset'],
        )
        return found, pages

    def _service_get_page_number(self, page):
        try:
            return max(1, min(int(page), LARGEST_PAGE))
        except ValueError:
            return 1

    def _service_get_filter_domain(self, choices):
        kinds = FILTERS.get(choices['filterby'])
        return Domain('stage_kind', 'in', kinds) if kinds else Domain.TRUE

    def _service_get_search_domain(self, choices, search):
        if not search:
            return Domain.TRUE
        names = SEARCHED[choices['search_in']]
        return Domain.OR(Domain(name, 'ilike', search) for name in names)

    def _service_group_cases(self, cases, groupby):
        """Return [(heading, cases)], in the order of the list."""
        if groupby == 'none':
            return [('', cases)] if cases else []
        groups = cases.grouped(groupby)
        return [(record.display_name, group) for record, group in groups.items()]
