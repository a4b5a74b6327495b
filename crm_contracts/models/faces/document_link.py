"""How documents belong to contracts, and how those of many contracts are counted at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

# Step of a path that stands for the column of the analytic plan of the contracts' accounts.
ACCOUNT = 'ACCOUNT'
DISTRIBUTION = 'analytic_distribution'


class DocumentLink(NamedTuple):
    """How documents of a kind belong to a contract.

    The path leads from the document to the contract, to its account (``ACCOUNT``), or to the
    ``analytic_distribution`` of its lines.
    """

    model: str
    path: str
    action: str
    domain: Domain = Domain.TRUE

    def get_domain(self, contract):
        """Return the domain of the documents of one contract."""
        if ACCOUNT not in self.path and DISTRIBUTION not in self.path:
            return self.domain & Domain(self.path, 'in', contract.ids)
        account = contract.sudo().analytic_account_id
        if not account:
            return Domain.FALSE
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
        if DISTRIBUTION in self.path:
            return self._count_by_distribution(contracts, documents)
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

    def _count_by_distribution(self, contracts, documents):
        """Count documents once, however many of their lines are on an account."""
        owners = _get_owners(contracts)
        if not owners:
            return Counter()
        lines_field = documents._fields[self.path.split('.')[0]]
        # sudo: what is counted are documents, and those are searched as the user
        lines = documents.env[lines_field.comodel_name].sudo()
        query = lines._search(
            Domain('distribution_analytic_account_ids', 'in', list(owners))
            & Domain(lines_field.inverse_name, 'in', documents._search(self.domain))
        )
        rows = documents.env.execute_query(
            query.select(
                SQL('DISTINCT unnest(%s)', lines._query_analytic_accounts(query.table)),
                lines._field_to_sql(query.table, lines_field.inverse_name, query),
            )
        )
        counts = Counter()
        for account_id, _document_id in rows:
            counts.update(owners[int(account_id or 0)])
        return counts


def _get_owners(contracts):
    """Return {account id: ids of the contracts that own it}."""
    owners = defaultdict(list)
    for contract in contracts.sudo():
        if contract.analytic_account_id:
            owners[contract.analytic_account_id.id].append(contract._origin.id)
    return owners
