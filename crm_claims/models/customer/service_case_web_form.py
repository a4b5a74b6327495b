from odoo import api, fields, models


class ServiceCaseMixin(models.AbstractModel):
    """A case that a visitor of a website opened: with which form, and in which language."""

    _inherit = 'service.case.mixin'

    crm_capture_form_id = fields.Many2one(
        'crm.capture.form',
        string='Website Form',
        readonly=True,
        copy=False,
        index='btree_not_null',
        ondelete='set null',
        help='The form with which the case was opened.',
    )
    customer_lang = fields.Selection(
        selection='_selection_customer_lang',
        string='Language of the Customer',
        help='The language in which the case was opened: automatic mails use it. Empty: that of '
        'the contact.',
    )

    @api.model
    def _selection_customer_lang(self):
        return self.env['res.lang'].get_installed()

    def _get_customer_lang(self):
        return self.customer_lang or super()._get_customer_lang()

    def _attach_from_form(self, files):
        """Put the files of a visitor on the case, as his message.

        :param files: (name, content) of each
        """
        self.ensure_one()
        return self.message_post(
            attachments=files,
            author_id=self.partner_id.id or False,
            email_from=self.email_from or self.company_id.email_formatted,
            message_type='comment',
            subtype_xmlid='mail.mt_comment',
        )
