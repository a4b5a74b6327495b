from odoo import api, fields, models

from ...tools.criteria import check_readable, parse_criteria


class CrmAuthorMixin(models.AbstractModel):
    """Criteria that people write see what their author may see, whoever applies them."""

    _name = 'crm.author.mixin'
    _description = 'Author of Criteria'

    author_id = fields.Many2one(
        'res.users',
        string='Criteria by',
        required=True,
        readonly=True,
        ondelete='restrict',
        copy=False,
        default=lambda self: self.env.user,
        help='Who wrote the criteria. They see what this user may see, in the language and '
        'time zone of this user, whoever applies them.',
    )

    @api.model_create_multi
    def create(self, vals_list):
        # whoever makes it: criteria and author may also come as defaults of the context
        author = {} if self.env.su else {'author_id': self.env.uid}
        return super().create([{**vals, **author} for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_author_values(vals))

    @api.model
    def _get_authored_fields(self):
        """Return the names of the fields that make who writes them the author; open to more."""
        return {'author_id'}

    def _prepare_author_values(self, vals):
        """Nobody borrows the rights of somebody else through the criteria."""
        if self.env.su or not vals.keys() & self._get_authored_fields():
            return vals
        return {**vals, 'author_id': self.env.uid}

    def _get_author(self):
        """Return whose rights apply: who edits the criteria will be their author."""
        return self.sudo().author_id if self.id else self.env.user

    def _as_author(self, model_name, companies, **context):
        """Return a model with the rights, language and time zone of the author.

        :param companies: whose records the criteria look at
        """
        author = self._get_author()
        return (
            self.env[model_name]
            .with_user(author)
            .with_context(
                lang=author.lang,
                tz=author.tz,
                allowed_company_ids=companies.ids,
                **context,
            )
        )

    @api.model
    def _read_criteria(self, text, records):
        """Return the domain that a text says, as far as the user of the records may ask it.

        :raise ValueError: for what is no domain
        :raise AccessError: for what the user may not read
        """
        domain = parse_criteria(text)
        if not records.env.su:
            check_readable(domain, records)
        return domain
