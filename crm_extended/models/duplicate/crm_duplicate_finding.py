from collections import defaultdict

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ...core.duplicates import make_groups

_BATCH = 10_000  # contacts that are compared in one transaction


class CrmDuplicate(models.Model):
    """Found in the background: what changed is compared with all others.

    Whether contacts come at once or one after the other, the groups are the same: whoever is
    compared takes along all that he shares something with, and all that those do.
    """

    _inherit = 'crm.duplicate'

    @api.model
    def _cron_find(self):
        """Compare the contacts that changed, in committed batches."""
        commit_progress = self.env['ir.cron']._commit_progress
        commit_progress(remaining=1)
        for count in self._compare_changed():
            if not commit_progress(count, remaining=1):
                return
        commit_progress(remaining=0)

    @api.model
    def _compare_changed(self):
        """Compare the contacts that changed, and yield after each batch how many it had."""
        contacts = self.env['crm.duplicate.contact']
        after = 0
        while changed := contacts._find_changed(after, _BATCH):
            self._compare(changed)
            after = changed[-1]
            yield len(changed)
        self._drop_small()

    @api.model
    def _compare(self, partner_ids):
        """Put contacts that changed into groups with those that may be the same."""
        contacts = self.env['crm.duplicate.contact']
        contacts._remember(partner_ids)
        scope, matches = self._gather(partner_ids)
        cards = {card.id: card for card in contacts._read_cards(scope)}
        groups = make_groups(matches, cards, self._get_apart(scope))
        self._replace(scope, {group.ids: group for group in groups})

    @api.model
    def _gather(self, partner_ids):
        """Return all whose groups may change with these contacts, and what they share."""
        scope, found, new = set(), {}, set(partner_ids)
        while new:
            scope |= new
            matches = self.env['crm.duplicate.contact']._find_matches(new)
            found.update(((match.trait, frozenset(match.ids)), match) for match in matches)
            near = set().union(*(match.ids for match in matches))
            near.update(*self._get_open_groups(new).values())
            new = near - scope
        return scope, list(found.values())

    # === WHAT WAS KNOWN === #

    @api.model
    def _get_open_groups(self, partner_ids):
        """Return ``{id: ids of its contacts}`` of the groups that nobody decided on."""
        self.flush_model(['partner_ids', 'state'])
        rows = self.env.execute_query(
            SQL(
                """SELECT member.duplicate_id, member.partner_id
                     FROM crm_duplicate_res_partner_rel AS member
                    WHERE member.duplicate_id IN (
                          SELECT rel.duplicate_id
                            FROM crm_duplicate_res_partner_rel AS rel
                            JOIN crm_duplicate ON crm_duplicate.id = rel.duplicate_id
                           WHERE rel.partner_id = ANY(%s) AND crm_duplicate.state = 'open')""",
                list(partner_ids),
            )
        )
        groups = defaultdict(set)
        for duplicate_id, partner_id in rows:
            groups[duplicate_id].add(partner_id)
        return groups

    @api.model
    def _get_apart(self, partner_ids):
        """Return the pairs of which somebody said that they are not the same."""
        self.flush_model(['partner_ids', 'state'])
        rows = self.env.execute_query(
            SQL(
                """SELECT one.partner_id, other.partner_id
                     FROM crm_duplicate_res_partner_rel AS one
                     JOIN crm_duplicate ON crm_duplicate.id = one.duplicate_id
                     JOIN crm_duplicate_res_partner_rel AS other
                          ON other.duplicate_id = one.duplicate_id
                         AND other.partner_id > one.partner_id
                    WHERE crm_duplicate.state = 'distinct' AND one.partner_id = ANY(%s)""",
                list(partner_ids),
            )
        )
        return {frozenset(pair) for pair in rows}

    # === WHAT IS FOUND === #

    @api.model
    def _replace(self, scope, groups):
        """Let the open groups of some contacts be these; whose contacts come or go stays a group.

        :param groups: ``{ids of the contacts: group}``
        """
        known = self._get_open_groups(scope)
        kept = self._find_kept(known, groups)
        self.browse(known.keys() - kept.values()).unlink()
        for ids, id_ in kept.items():
            self.browse(id_)._update(ids, known[id_], groups[ids])
        self.create(
            [
                {**self._prepare_reasons(group), 'partner_ids': [Command.set(sorted(ids))]}
                for ids, group in groups.items()
                if ids not in kept
            ]
        )

    @api.model
    def _find_kept(self, known, groups):
        """Return ``{ids of the contacts: id}`` of the groups that are still there."""
        homes = {partner_id: id_ for id_, ids in known.items() for partner_id in ids}
        kept = {}
        for ids in sorted(groups, key=sorted):
            old = {homes[partner_id] for partner_id in ids if partner_id in homes}
            free = sorted(old - set(kept.values()), key=lambda id_: (known[id_] != ids, id_))
            if free:
                kept[ids] = free[0]
        return kept

    @api.model
    def _prepare_reasons(self, group):
        return {
            'reason': group.reasons[0].kind,
            'strength': group.strength,
            'reasons': [list(reason) for reason in group.reasons],
        }

    def _update(self, ids, known_ids, group):
        """Write what is another than before."""
        values = self._prepare_reasons(group)
        changed = {name: value for name, value in values.items() if self[name] != value}
        if ids != known_ids:
            changed.update(partner_ids=[Command.set(sorted(ids))], refusal=False)
        if changed:
            self.write(changed)

    @api.model
    def _drop_small(self):
        """Delete open groups of which contacts were deleted since, but for one at most."""
        rows = self.env.execute_query(
            SQL(
                """SELECT crm_duplicate.id
                     FROM crm_duplicate
                LEFT JOIN crm_duplicate_res_partner_rel AS rel
                          ON rel.duplicate_id = crm_duplicate.id
                    WHERE crm_duplicate.state = 'open'
                 GROUP BY crm_duplicate.id
                   HAVING COUNT(rel.partner_id) < 2"""
            )
        )
        self.browse(id_ for (id_,) in rows).unlink()
