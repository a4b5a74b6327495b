"""How documents belong to contracts, and how those of many contracts are counted at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

# Step of a path that stands for the column of the analytic plan of the contracts' accounts.
ACCOUNT = 'ACCOUNT'
DISTRIBUTION = 'analytic_distribution'
# Path of analytic items: whose they are, the results of contracts know.
ITEMS = 'crm_contract_ids'


class DocumentLink(NamedTuple):
    """How documents of a kind belong to a contract.

    The path leads from the document to the contract, to its account (``ACCOUNT``), or to the
    ``analytic_distribution`` of its lines. By their ``day`` documents are shared out between
    contracts on one account, unless they name their contract themselves.
    """

    model: str
    path: str
    action: str
    domain: Domain = Domain.TRUE
    day: str = ''

    def get_domain(self, contract):
        """Return the domain of the documents of one contract."""
        if ACCOUNT not in self.path and DISTRIBUTION not in self.path:
            return self.domain & Domain(self.path, 'in', contract.ids)
        account = contract.sudo().analytic_account_id
        if not account:
            return Domain.FALSE
        if self.day and len(contract.sudo()._get_contracts_by_account()[account]) > 1:
            return Domain('id', 'in', sorted(self._find(contract)[contract.id]))
        path = self.path.replace(ACCOUNT, account.root_plan_id._column_name())
        path = path.replace(DISTRIBUTION, 'distribution_analytic_account_ids')
        return self.domain & Domain(path, 'in', account.ids)

    def get_defaults(self, contract):
        """Return the context for what is made from the list of the documents of a contract."""
        if self.path != 'contract_id':
            return {'create': False}
        return {'default_contract_id': contract.id, 'default_partner_id': contract.partner_id.id}

    def count(self, contracts):
        """Return {contract id: number of documents that the user may read}."""
        env = contracts.env
        if self.model not in env or not env[self.model].has_access('read'):
            return Counter()
        documents = env[self.model].with_context(active_test=False)
        if self.path == ITEMS:
            return self._count_items(contracts, documents)
        if DISTRIBUTION in self.path:
            return Counter({id_: len(found) for id_, found in self._find(contracts).items()})
        if ACCOUNT in self.path:
            return self._count_by_account(contracts, documents)
        groups = documents._read_group(
            self.domain & Domain(self.path, 'in', contracts._origin.ids), [self.path], ['__count']
        )
        return Counter({int(contract): count for contract, count in groups})

    def _count_by_account(self, contracts, documents):
        """One grouped query per analytic plan."""
        counts = Counter()
        owners = _get_owners(contracts)
        for plan, accounts in contracts.sudo().analytic_account_id.grouped('root_plan_id').items():
            path = self.path.replace(ACCOUNT, plan._column_name())
            groups = documents._read_group(
                self.domain & Domain(path, 'in', accounts.ids), [path], ['__count']
            )
            for account, count in groups:
                counts.update(dict.fromkeys(owners[account.id], count))
        return counts

    def _count_items(self, contracts, documents):
        """Count the analytic items that are in the results of the contracts."""
        groups = (
            documents.env['crm.contract.report']
            .sudo()
            ._read_group(
                Domain('contract_id', 'in', contracts._origin.ids)
                & Domain('item_id', 'in', documents._search(self.domain)),
                ['contract_id'],
                ['__count'],
            )
        )
        return Counter({contract.id: count for contract, count in groups})

    def _find(self, contracts):
        """Return {contract id: ids of its documents}, each once however many of its lines are."""
        found = defaultdict(set)
        sharing = contracts.sudo()._get_contracts_by_account()
        rivals_by_account = {account.id: own for account, own in sharing.items() if account}
        rows = self._query_accounts(contracts, list(rivals_by_account))
        documents = contracts.env[self.model].sudo().browse(id_ for _account, id_ in rows)
        for account, document_id in rows:
            document = documents.browse(document_id).with_prefetch(documents._prefetch_ids)
            for owner in self._get_owners(document, rivals_by_account.get(account, ())):
                found[owner.id].add(document_id)
        return found

    def _query_accounts(self, contracts, account_ids):
        """Return [(account id, id of a document with lines on it)] that the user may read."""
        documents = contracts.env[self.model].with_context(active_test=False)
        lines_field = documents._fields[self.path.split('.')[0]]
        # sudo: what is counted are documents, and those are searched as the user
        lines = documents.env[lines_field.comodel_name].sudo()
        query = lines._search(
            Domain('distribution_analytic_account_ids', 'in', account_ids)
            & Domain(lines_field.inverse_name, 'in', documents._search(self.domain))
        )
        rows = documents.env.execute_query(
            query.select(
                SQL('DISTINCT unnest(%s)', lines._query_analytic_accounts(query.table)),
                lines._field_to_sql(query.table, lines_field.inverse_name, query),
            )
        )
        return [(int(account_id or 0), document_id) for account_id, document_id in rows]

    def _get_owners(self, document, rivals):
        """Return the contracts on an account that a document with lines on it belongs to."""
        if len(rivals) <= 1:
            return rivals
        return document._get_crm_contract_owners(rivals) or rivals._get_contract_on(
            fields.Date.to_date(document[self.day])
        )


def _get_owners(contracts):
    """Return {account id: ids of the contracts that own it}."""
    owners = defaultdict(list)
    for contract in contracts.sudo():
        if contract.analytic_account_id:
            owners[contract.analytic_account_id.id].append(contract._origin.id)
    return owners
