from functools import partial

from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ...core.answers import Answer
from ...core.outline import find_misplaced, get_tree, get_verdict


class CrmSegment(models.Model):
    """What a segment measures of its contacts: its rules and groups of rules, joined as they say.

    A condition is never NULL, so that groups can count and negate it.
    """

    _inherit = 'crm.segment'

    @api.constrains('rule_ids')
    def _check_outline(self):
        """Refuse a list that does not read as it counts: a line too far in for its group."""
        for segment in self:
            lines = segment._get_lines()
            place = find_misplaced(line._get_line() for line in lines)
            if place is not None:
                raise ValidationError(
                    self.env._(
                        'The line "%(line)s" of the segment "%(segment)s" is indented too far: '
                        'the group that it would belong to is missing above it. Move it out, or '
                        'put it under a group.',
                        line=lines[place].display_name,
                        segment=segment.name,
                    )
                )

    def _check_measured_models(self):
        """Let nobody count what the documents behind the rules would not show them."""
        for metric in (self | self.group_id.segment_ids).sudo()._get_metrics():
            if metric.model in self.env:
                self.env[metric.model].check_access('read')

    def _get_asked_criteria(self):
        criteria = super()._get_asked_criteria()
        if self.mode == 'manual':
            return criteria
        return criteria + [
            (metric.model, text)
            for metric in self._get_metrics()
            for text in (metric.domain, metric.part_domain)
        ]

    def _get_metrics(self):
        """Return what the segments measure with; extended by who measures otherwise."""
        return self.rule_ids.metric_id

    # === RULES === #

    def _has_rules(self):
        return super()._has_rules() or bool(self._get_complete_rules())

    def _get_lines(self):
        """Return the rules and groups in their order, without those that somebody is writing.

        While they are edited, those that were added come last, wherever they stand.
        """
        lines = self.rule_ids.filtered(
            lambda line: line.match or (line.metric_id and line.operator)
        )
        return lines.sorted('sequence')

    def _get_complete_rules(self):
        """Return what is measured: the lines that are no groups."""
        return self._get_lines().filtered('metric_id')

    def _get_rules_domain(self, partners=None):
        rules = super()._get_rules_domain(partners)
        if not self._get_complete_rules():
            return rules
        return rules & Domain.custom(to_sql=partial(self._get_rules_condition, partners))

    def _get_rules_condition(self, partners, _model, _alias, query):
        lines = self._get_lines()
        measured = {
            line: line._join(self, query, partners)[1] for line in lines.filtered('metric_id')
        }

        def get_condition(node):
            line = lines[node.place]
            if node.inner is None:
                return measured[line]
            return _join(line.match, line.match_count, map(get_condition, node.inner))

        return _join(self.match, self.match_count, map(get_condition, self._get_tree(lines)))

    def _get_tree(self, lines):
        return get_tree(line._get_line() for line in lines)

    # === ANSWERS === #

    def _judge(self, answers):
        """Return what is told of the groups, {id of the group: answer}; of all rules it is 0.

        Empty groups are left out. What rests on a rule that is hidden is hidden as well.

        :param answers: {rule id: answer} of the rules
        """
        lines, told = self._get_lines(), {}

        def judge(id_, match, number, nodes):
            inner = [
                answers[lines[node.place].id]
                if node.inner is None
                else judge(lines[node.place].id, *_get_match(lines[node.place]), node.inner)
                for node in nodes
            ]
            verdict = get_verdict(match, number, [answer.holds for answer in inner])
            is_known = not any(answer.hidden for answer in inner)
            held = sum(bool(answer.holds) for answer in inner) if is_known else None
            told[id_] = Answer(held, verdict, hidden=verdict is None)
            return told[id_]

        tree = self._get_tree(lines)
        if tree:
            judge(0, *_get_match(self), tree)
        return told

    # === WORDS === #

    def _get_match_words(self, match, number):
        words = {
            'all': self.env._('All of these'),
            'any': self.env._('At least one of these'),
            'some': self.env._('At least %(count)s of these', count=number),
            'none': self.env._('None of these'),
        }
        return words[match]

    def _get_held_words(self, answer):
        """Return how many lines of a group hold, nothing where that may not be told."""
        if answer['hidden']:
            return self.env._('not visible to you')
        if answer['value'] is None:
            return False
        return self.env._('hold: %(count)s', count=int(answer['value']))


def _get_match(record):
    return record.match, record.match_count


def _join(match, number, conditions):
    """Return the SQL condition of a group; each is bracketed."""
    conditions = [SQL('(%s)', condition) for condition in conditions]
    if match == 'some':
        held = SQL(' + ').join(SQL('%s::int', condition) for condition in conditions)
        return SQL('(%s >= %s)', held, number)
    if match == 'all':
        return SQL('(%s)', SQL(' AND ').join(conditions))
    some = SQL('(%s)', SQL(' OR ').join(conditions))
    return SQL('(NOT %s)', some) if match == 'none' else some
