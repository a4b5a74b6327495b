"""What happens to segments, contacts, tags and mailing lists in a random life."""

from datetime import timedelta

from odoo import Command

from tests.journeys.segment_model import Group, Rule, Segment
from tests.journeys.segment_player import ADDRESSES, REFS, Player

MATCHES = ('all', 'any', 'some', 'none')


class Attack(Player):
    """The edits, each told to the model as well."""

    # === SEGMENTS === #

    def create_segment(self):
        values = {
            'name': 'Attacked',
            'domain': False,
            'mode': self.pick(('dynamic', 'dynamic', 'dynamic', 'additive', 'manual')),
        }
        segment = self.env['crm.segment'].create(values)
        self.world.segments[segment.id] = Segment(segment.id, mode=values['mode'])
        self.change_criteria(self.world.segments[segment.id])
        self.change_rules(self.world.segments[segment.id])
        self.choose_tag(self.world.segments[segment.id])

    def pick_segment(self):
        return self.pick(self.world.segments.values())

    def change_criteria(self, segment=None):
        segment = segment or self.pick_segment()
        is_limited = not segment.rules and (segment.parents or not segment.unwanted)
        refs = self.pick((None, REFS[:1], REFS[1:3], REFS[:3], REFS)[0 if is_limited else 1 :])
        tag = self.pick((None, None, *self.case.tags.ids)) if refs is not None else None
        domain = [] if refs is None else [('ref', 'in', refs)]
        domain += [('category_id', 'in', [tag])] if tag else []
        values = {'scope': self.pick(('both', 'both', 'companies', 'contacts'))}
        text = repr(domain) if domain else self.pick((False, '[]'))
        self.write(segment, {**values, 'domain': text}, **values, refs=refs, asked_tag=tag)

    def change_rules(self, segment=None):
        segment = segment or self.pick_segment()
        rules = self._make_lines(3, 2)
        # Without an own reference the ranks of contacts that are not ours would count.
        if segment.refs is None:
            rules = []
        values = {
            'match': self.pick(MATCHES),
            'match_count': self.chance.randint(1, 2),
            'roll_up': self.pick((True, False)),
        }
        commands = [Command.clear(), *map(Command.create, self._prepare(rules))]
        self.write(segment, {**values, 'rule_ids': commands}, **values, rules=rules)

    def _make_lines(self, depth, most):
        return [
            Group(self.pick(MATCHES), self.chance.randint(1, 3), self._make_lines(depth - 1, 3))
            if depth and self.chance.random() < 0.3
            else self._make_rule()
            for _number in range(self.chance.randint(0, most))
        ]

    def _make_rule(self):
        measure = self.pick(('number', 'number', 'first', 'change'))
        if measure != 'number':
            return self._make_other_rule(measure)
        operator = self.pick(('>=', '<', '=', '!=', 'between', 'top_percent', 'quantile'))
        low, high = sorted((self.chance.randint(1, 5), self.chance.randint(1, 5)))
        value = self.pick((10, 50, 100)) if operator == 'top_percent' else low - (operator == '=')
        return Rule(operator, value, high, self.pick((0, 1, 3)))

    def _make_other_rule(self, measure):
        operator = self.pick(('>=', '<', '=', '!=', 'between'))
        if measure == 'first':
            value = self.chance.randint(0, 90)
            return Rule(operator, value, value + 30, self.pick((0, 3)), measure)
        value = self.chance.randint(-1, 2)
        return Rule(operator, value, value + 1, self.pick((1, 3)), measure)

    def _prepare(self, lines, level=0):
        """Return the values of the lines in their order, those of groups below their head."""
        prepared = []
        for line in lines:
            if isinstance(line, Rule):
                prepared.append({**self._prepare_rule(line), 'level': level})
            else:
                head = {'match': line.match, 'match_count': line.number, 'level': level}
                prepared += [head, *self._prepare(line.lines, level + 1)]
        return prepared

    def _prepare_rule(self, rule):
        return {
            'metric_id': self.case.metrics[rule.measure].id,
            'operator': rule.operator,
            'value': rule.value,
            'value_to': rule.value_to,
            'period_count': rule.months,
            'period_unit': 'month' if rule.months else False,
        }

    def change_mode(self):
        mode = self.pick(('dynamic', 'additive', 'manual'))
        self.write(self.pick_segment(), {'mode': mode}, mode=mode)

    def change_hands(self):
        segment = self.pick_segment()
        included, excluded = (set(self.pick_some(self.partner_ids, 3)) for _list in range(2))
        values = {
            'include_partner_ids': [Command.set(sorted(included))],
            'exclude_partner_ids': [Command.set(sorted(excluded))],
        }
        self.write(segment, values, included=included, excluded=excluded)

    def change_parents(self):
        segment = self.pick_segment()
        active = {one.id for one in self.world.segments.values() if one.active}
        if not segment.active:
            return
        parents, unwanted = (set(self.pick_some(active, 1)) for _list in range(2))
        values = {
            'parent_ids': [Command.set(sorted(parents))],
            'not_parent_ids': [Command.set(sorted(unwanted))],
        }
        # Without criteria of its own it would take contacts that are not ours.
        if segment.refs is not None or parents:
            self.write(segment, values, parents=parents, unwanted=unwanted)

    def change_group(self):
        segment = self.pick_segment()
        values = {'sequence': self.chance.randint(1, 9)}
        group = self.pick((None, *self.case.groups.ids))
        self.write(segment, {**values, 'group_id': group or False}, **values, group=group)

    def switch_suppression(self):
        segment = self.pick_segment()
        others = [one for one in self.world.segments.values() if one.is_suppression]
        if segment.is_suppression or not others:
            values = {'is_suppression': not segment.is_suppression}
            self.write(segment, values, **values)

    def change_cut(self):
        cut = self.pick(
            (
                None,
                ('number', self.chance.randint(1, 6)),
                ('percent', self.pick((30, 50, 75))),
                ('part', self.chance.randint(1, 2), 2),
                ('top', self.chance.randint(1, 5), self.pick((0, 1, 3))),
            )
        )
        seed = self.pick((1, 2))
        self.write(self.pick_segment(), self._prepare_cut(cut, seed), cut=cut, seed=seed)

    def _prepare_cut(self, cut, seed):
        kind, *numbers = cut or (False,)
        names = {
            'number': ['cut_number'],
            'percent': ['cut_percent'],
            'part': ['cut_part', 'cut_parts'],
            'top': ['cut_number', 'cut_months'],
        }
        values = dict(zip(names.get(kind, []), numbers, strict=True))
        return {
            'cut': kind,
            'cut_seed': seed,
            'cut_metric_id': self.case.env.ref('crm_segmentation.metric_call_count').id,
            **values,
        }

    def take_back(self):
        segment = self.pick_segment()
        segments = self.world.get_siblings(segment)
        users = [
            one
            for one in self.world.segments.values()
            if one.is_begun
            and one not in segments
            and any(used.id in one.parents | one.unwanted for used in segments)
        ]
        if segment.active and not users:
            self.browse([segment]).action_draft()
            self.world.take_back(segments)

    def choose_tag(self, segment=None):
        segment = segment or self.pick_segment()
        before, tag = segment.tag, self.pick((None, *self.case.tags.ids))
        if self.write(segment, {'category_id': tag or False}, tag=tag) and tag != before:
            self.world.take_tag(before, segment.members, segment)
            self.world.give_tag(segment)

    def choose_list(self):
        chosen = self.pick((None, *self.case.lists.ids))
        self.write(self.pick_segment(), {'mailing_list_id': chosen}, mailing_list=chosen)

    def archive_segment(self):
        segment = self.pick_segment()
        is_used = any(
            segment.id in one.parents | one.unwanted for one in self.world.segments.values()
        )
        if not is_used and not segment.parents | segment.unwanted:
            self.write(segment, {'active': not segment.active}, active=not segment.active)

    def delete_segment(self):
        segment = self.pick_segment()
        users = [
            one for one in self.world.segments.values() if segment.id in one.parents | one.unwanted
        ]
        if not users:
            self.browse([segment]).unlink()
            self.world.take_tag(segment.tag, segment.members, segment)
            del self.world.segments[segment.id]
            self.create_segment()

    # === CONTACTS === #

    def pick_partner(self):
        return self.env['res.partner'].browse(self.pick(self.partner_ids))

    def change_partner(self):
        values = self._prepare_partner()
        partner = self.pick_partner()
        if any(address == partner.email_normalized for _list, address in self.world.refused):
            values.pop('email')  # who said no to a list is not asked again under another address
        partner.write(values)

    def archive_partner(self):
        partner = self.pick_partner()
        partner.active = not partner.active

    def delete_partner(self):
        partner = self.pick_partner()
        if not partner.is_company and len(self.partner_ids) > 12:
            self.env['crm.call'].search([('partner_id', '=', partner.id)]).unlink()
            partner.unlink()
            self.world.forget(partner.id)
            self.partner_ids.remove(partner.id)

    def merge_partners(self):
        people = [id_ for id_ in self.partner_ids if not self.world.contacts[id_].is_company]
        source, target = self.env['res.partner'].browse(self.chance.sample(people, 2))
        refused = {address for _list, address in self.world.refused}
        if len(self.partner_ids) > 12 and not refused & {
            source.email_normalized,
            target.email_normalized,
        }:
            self.world.merge(source.id, target.id)
            self.partner_ids.remove(source.id)
            wizard = self.env['base.partner.merge.automatic.wizard']
            wizard._merge((source | target).ids, target, extra_checks=False)

    def create_partner(self):
        self.partner_ids.append(self.env['res.partner'].create(self._prepare_partner()).id)

    def call(self):
        date = self.now - timedelta(days=self.chance.randint(0, 120), hours=1)
        self.env['crm.call'].create(
            {'name': 'Attack', 'partner_id': self.pick(self.partner_ids), 'state': 'held'}
            | {'date': date}
        )

    def delete_calls(self):
        self.env['crm.call'].search([('partner_id', '=', self.pick(self.partner_ids))]).unlink()

    # === TAGS AND LISTS BY HAND === #

    def tag_by_hand(self):
        partner, tag = self.pick_partner(), self.pick(self.case.tags)
        pair = partner.id, tag.id
        if pair in self.world.tags:
            partner.category_id -= tag
            self.world.tags.discard(pair)
            self.world.hand_tags.discard(pair)
        else:
            partner.category_id |= tag
            self.world.tags.add(pair)
            self.world.hand_tags.add(pair)

    def subscribe_by_hand(self):
        mailing_list, address = self.pick(self.case.lists), self.pick(ADDRESSES)
        if not self._find_subscriptions(mailing_list, address):
            contact = self.env['mailing.contact'].create({'email': address})
            self.env['mailing.subscription'].create(
                {'contact_id': contact.id, 'list_id': mailing_list.id}
            )
            self.world.hand_addresses.add((mailing_list.id, address))

    def refuse(self):
        mailing_list = self.pick(self.case.lists)
        addresses = mailing_list.subscription_ids.contact_id.mapped('email_normalized')
        if addresses and self.chance.random() < 0.4:
            address = self.pick(sorted(addresses))
            mailing_list._update_subscription_from_email(address, opt_out=True)
            self.world.refused.add((mailing_list.id, address))

    def remove_from_list(self):
        mailing_list, address = self.pick(self.case.lists), self.pick(ADDRESSES)
        if (mailing_list.id, address) not in self.world.refused:
            self._find_subscriptions(mailing_list, address).unlink()
            self.world.hand_addresses.discard((mailing_list.id, address))

    def block(self):
        blacklist = self.env['mail.blacklist'].with_context(active_test=False)
        address = self.pick(ADDRESSES)
        known = blacklist.search([('email', '=', address)])
        if known:
            known.active = not known.active
        elif self.chance.random() < 0.3:
            blacklist.create({'email': address})

    def _find_subscriptions(self, mailing_list, address):
        return self.env['mailing.subscription'].search(
            [
                ('list_id', '=', mailing_list.id),
                ('contact_id.email_normalized', '=', address),
            ]
        )

    edits = (
        *[change_criteria, change_hands] * 2,
        *[change_rules] * 4,
        *[change_partner, call] * 3,
        change_mode,
        change_parents,
        change_group,
        change_cut,
        change_cut,
        switch_suppression,
        take_back,
        choose_tag,
        choose_list,
        choose_list,
        archive_segment,
        delete_segment,
        archive_partner,
        delete_partner,
        merge_partners,
        create_partner,
        delete_calls,
        tag_by_hand,
        tag_by_hand,
        subscribe_by_hand,
        refuse,
        remove_from_list,
        block,
    )
