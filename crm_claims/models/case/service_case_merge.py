from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...core.stages import is_reopened_by_merge

# What the survivor takes from a merged case where it has nothing itself.
_COMPLETED = (
    'partner_id',
    'email_from',
    'phone',
    'category_id',
    'medium_id',
    'ref',
    'date_deadline',
    'user_id',
)
# Records that name their document by model and id: {model: (field of the model, of the id)}
_REFERENCES = {
    'mail.message': ('model', 'res_id'),
    'mail.activity': ('res_model', 'res_id'),
    'ir.attachment': ('res_model', 'res_id'),
    'rating.rating': ('res_model', 'res_id'),
    'mail.scheduled.message': ('model', 'res_id'),
}


class ServiceCaseMixin(models.AbstractModel):
    """Cases that turn out to be one matter become one: the oldest survives."""

    _inherit = 'service.case.mixin'

    merged_into_id = fields.Many2one(
        'service.case.mixin',
        string='Merged into',
        copy=False,
        readonly=True,
        index='btree_not_null',
        ondelete='restrict',
        help='The one that took this over. What belonged to this one is there.',
    )

    _not_merged_into_itself = models.Constraint(
        'CHECK (merged_into_id != id)',
        'Nothing can be merged into itself.',
    )
    _merged_is_archived = models.Constraint(
        'CHECK (merged_into_id IS NULL OR active IS NOT TRUE)',
        'What was merged stays archived. Work on the one that it was merged into.',
    )

    @api.constrains('merged_into_id')
    def _check_merged_into_id(self):
        if self._has_cycle('merged_into_id'):
            raise ValidationError(self.env._('What was merged cannot take over its survivor.'))

    # === ACTIONS === #

    def action_merge(self, force=False):
        """Merge the cases into the oldest; the others are archived and remember it.

        Messages, attachments, activities and whatever points to the others follow.
        Refused with a UserError for fewer than two, for what was merged before and across
        companies; across customers unless forced.

        :param bool force: merge although the customers differ
        :return: the surviving case
        """
        self._check_merge(force)
        # sudo: what hangs on the cases, and is remembered, includes what the user may not see
        merges_sudo = self.env['service.case.merging'].sudo()
        before = merges_sudo._take(self)
        survivor = self._get_merge_survivor()
        merged = self - survivor
        survivor._merge_values(merged)
        survivor._merge_followers(merged)
        survivor._merge_links(merged)
        survivor._merge_references(merged)
        survivor._log_merge(merged)
        # sudo: where a case went is kept from being typed
        merged.sudo().write({'active': False, 'merged_into_id': survivor.id})
        merges_sudo._record(survivor, merged, before)
        return survivor

    # === BUSINESS METHODS === #

    def _check_merge(self, force):
        self.check_access('write')
        if len(self) < 2:
            raise UserError(self.env._('Choose at least two to merge.'))
        gone = self.filtered('merged_into_id')
        if gone:
            raise UserError(
                self.env._(
                    '%(cases)s were merged before. Merge what they were merged into.',
                    cases=gone.mapped('display_name'),
                )
            )
        for name in self._get_merge_uniform_fields():
            if len({case[name] for case in self}) > 1:
                raise UserError(
                    self.env._(
                        'They cannot be merged because they differ in this: %(field)s.',
                        field=self._fields[name]._description_string(self.env),
                    )
                )
        if not force and self._has_several_customers():
            raise UserError(
                self.env._(
                    'They are of different customers: %(customers)s. '
                    'Merge them one customer at a time.',
                    customers=sorted(self._get_customer_names()),
                )
            )

    @api.model
    def _get_merge_uniform_fields(self) -> tuple[str, ...]:
        """Return what must be the same in all that is merged, whoever forces it."""
        return ('company_id',)

    def _get_merge_survivor(self):
        """Return the oldest."""
        return self.sorted(lambda case: (case.date_open, case.id))[:1]

    def _has_several_customers(self) -> bool:
        return len(self._get_customer_names()) > 1

    def _get_customer_names(self) -> set[str]:
        """Name each customer, an unknown sender by its address."""
        return {
            case.commercial_partner_id.display_name or case.email_from
            for case in self
            if case.partner_id or case.email_from
        }

    def _merge_values(self, merged):
        """Complete the survivor, never overwrite it; reopen it if something was still open."""
        values = {}
        for name in self._get_merge_completed_fields():
            source = next((case for case in merged if case._has_to_give(name)), None)
            if source and not self[name]:
                values[name] = self._fields[name].convert_to_write(source[name], source)
        values['priority'] = max((self | merged).mapped('priority'))
        values['tag_ids'] = [fields.Command.link(tag.id) for tag in merged.tag_ids - self.tag_ids]
        # sudo: what the others became is kept from being typed
        self.sudo().write(values)
        if 'partner_id' in values:
            self._keep_commercial_partner(merged.filtered('partner_id')[:1])
        if is_reopened_by_merge(self.stage_kind, merged.mapped('stage_kind')):
            self._transition_to('open')

    @api.model
    def _get_merge_completed_fields(self) -> tuple[str, ...]:
        """Return what the survivor takes where it has none; override to add fields."""
        return _COMPLETED

    def _has_to_give(self, name) -> bool:
        """Tell whether the survivor may take this value from here."""
        return bool(self[name])

    def _merge_followers(self, merged):
        """Colleagues and people of the same customer go on following, nobody else."""
        customer = self.commercial_partner_id
        followers = merged.sudo().message_partner_ids.filtered(
            lambda partner: (
                not partner.partner_share
                or (customer and partner.commercial_partner_id == customer)
            )
        )
        self.message_subscribe(partner_ids=followers.ids)

    def _merge_links(self, merged):
        for model_name, field_name in self._get_merge_links():
            # sudo: what follows the merge includes what the user may not see
            linked = self._find_linked(model_name, field_name, merged)
            if linked:
                linked.write({field_name: self.id})

    def _merge_references(self, merged):
        for model_name, (_model_field, id_field) in self._get_merge_references().items():
            attached = self._find_attached(model_name, merged)
            if model_name == 'mail.scheduled.message':
                # its own write refuses any other document
                attached._write({id_field: self.id})
                attached.invalidate_recordset([id_field])
            elif attached:
                attached.write({id_field: self.id})

    @api.model
    def _get_merge_links(self) -> list[tuple[str, str]]:
        """Return [(model, many2one)] of whatever points to this kind of case, of any addon.

        Override to leave something with what was merged.
        """
        return [
            (model_name, field.name)
            for model_name in self.env
            if self.env[model_name]._auto and not self.env[model_name]._transient
            for field in self.env[model_name]._fields.values()
            if field.type == 'many2one'
            and field.comodel_name == self._name
            and field.store
            and not field.compute
        ]

    @api.model
    def _get_merge_references(self) -> dict[str, tuple[str, str]]:
        """Return {model: (field of the model, of the id)} of what names its document so.

        Override to let more follow.
        """
        return _REFERENCES

    def _count_merge_moved(self) -> dict[str, int]:
        """Return {kind of record: how many follow a merge}, to say so before it happens."""
        counts = Counter()
        for model_name, field_name in self._get_merge_links():
            counts[model_name] += len(self._find_linked(model_name, field_name, self))
        for model_name in self._get_merge_references():
            counts[model_name] += len(self._find_attached(model_name, self))
        kinds = self.env['ir.model'].sudo()
        return {kinds._get(name).name: count for name, count in counts.items() if count}

    def _find_linked(self, model_name, field_name, cases):
        linked_sudo = self.env[model_name].sudo().with_context(active_test=False)
        return linked_sudo.search([(field_name, 'in', cases.ids)])

    def _find_attached(self, model_name, cases):
        attached_sudo = self.env[model_name].sudo().with_context(active_test=False)
        model_field, id_field = self._get_merge_references()[model_name]
        return attached_sudo.search([(model_field, '=', self._name), (id_field, 'in', cases.ids)])

    def _log_merge(self, merged):
        items = Markup().join(
            Markup('<li>%s %s</li>') % (case._get_html_link(), case.description or '')
            for case in merged
        )
        self._message_log(
            body=Markup('%s<ul>%s</ul>') % (self.env._('Took over what was merged:'), items)
        )
        body = Markup('%s %s') % (self.env._('Merged into'), self._get_html_link())
        merged._message_log_batch(bodies=dict.fromkeys(merged.ids, body))
