from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

# The program's own remarks, such as what changed in a document, are said to nobody, and what a
# machine says of an absence is said by nobody.
TOLD_BY_THE_PROGRAM = ('notification', 'user_notification', 'out_of_office')
# The numbers of the branches: one query has both kinds, so that messages are gone through once.
MAIL, SMS = 7, 8
# The alias of the query is `message`; who of ours wrote it is the colleague.
IS_SMS = SQL("message.message_type = 'sms'")
COLLEAGUE = SQL(
    """(SELECT MIN(colleague.id) FROM res_users AS colleague
         WHERE colleague.partner_id = message.author_id AND NOT colleague.share)"""
)
RECEIVED = SQL(
    """message.message_type IN ('email', 'comment', 'sms')
       AND message.is_internal IS NOT TRUE
       AND message.subtype_id IN (SELECT id FROM mail_message_subtype
                                   WHERE internal IS NOT TRUE)
       AND NOT EXISTS (SELECT FROM res_users AS colleague
                        WHERE colleague.partner_id = message.author_id
                          AND NOT colleague.share)"""
)
# A mailing is to its document's customer. All else was told to whom it notified: a note of
# colleagues is none until somebody outside is named in it.
SENT = SQL(
    """message.message_type = 'email_outgoing' OR EXISTS (
           SELECT FROM mail_notification AS told
            WHERE told.mail_message_id = message.id
              AND NOT EXISTS (SELECT FROM res_users AS insider
                               WHERE insider.partner_id = told.res_partner_id
                                 AND NOT insider.share))"""
)


class CrmInteraction(models.Model):
    """What was written to customers and by them on their documents, as a source of interactions.

    A message is readable where its document is: what colleagues say among themselves is left out
    for everybody.
    """

    _inherit = 'crm.interaction'
    _depends = {
        'mail.message': [
            'author_id',
            'date',
            'is_internal',
            'message_type',
            'model',
            'res_id',
            'subject',
            'subtype_id',
        ],
        'mail.message.subtype': ['internal'],
        'mail.notification': ['mail_message_id', 'res_partner_id'],
    }

    kind = fields.Selection(selection_add=[('mail', 'Mail'), ('sms', 'SMS')])
    event = fields.Selection(selection_add=[('received', 'Received'), ('sent', 'Sent')])
    preview = fields.Char(
        compute='_compute_preview',
        help='The first words of a message, without its layout.',
    )

    # === COMPUTE === #

    @api.depends('res_model', 'res_id')
    def _compute_preview(self):
        written = self.filtered(lambda interaction: interaction.res_model == 'mail.message')
        # sudo: who reads the row reads the document, and with it what is no note of colleagues
        messages = self.env['mail.message'].sudo().browse(written.mapped('res_id'))
        previews = {message.id: message.preview for message in messages}
        for interaction in self:
            interaction.preview = interaction in written and previews[interaction.res_id]

    # === BUSINESS === #

    @api.model
    def _get_appearances(self):
        return super()._get_appearances() | {
            'mail': ('fa-envelope-o', 5),
            'sms': ('fa-commenting-o', 5),
        }

    # === BRANCHES === #

    @api.model
    def _get_interaction_queries(self):
        return super()._get_interaction_queries() | {MAIL: self._get_message_query()}

    @api.model
    def _get_message_documents(self):
        """Declare on which documents messages are contacts with a customer.

        :return: {model: {field of this model: field of the document}}, for those with other
            names there, None where the document has nothing of the kind
        """
        return {
            'res.partner': {'partner_id': 'id', 'team_id': None},
            'crm.lead': {},
            'crm.call': {},
        }

    @api.model
    def _get_message_query(self):
        """Return the SQL of the messages on all the documents, None if there are none."""
        if not self._is_wanted(MAIL, SMS):
            return None
        queries = [
            query
            for model_name, columns in self._get_message_documents().items()
            if (query := self._get_messages_on(model_name, columns))
        ]
        return SQL(' UNION ALL ').join(queries) if queries else None

    @api.model
    def _get_messages_on(self, model_name, columns):
        documents = self.env[model_name].with_context(active_test=False)
        if not documents.has_access('read'):
            return None
        query = documents._search([])
        if query.is_empty():
            return None
        self._join_messages(documents, query)
        query.add_where(SQL('(%s OR %s)', RECEIVED, SENT))
        return self._select_interactions(
            SQL('CASE WHEN %s THEN %s ELSE %s END', IS_SMS, SMS, MAIL),
            documents,
            query,
            {**columns, **self._get_message_columns(documents, query, columns)},
        )

    @api.model
    def _join_messages(self, documents, query):
        query.add_join(
            'JOIN',
            'message',
            'mail_message',
            SQL(
                'message.model = %s AND message.res_id = %s AND message.message_type NOT IN %s',
                documents._name,
                SQL.identifier(query.table, 'id'),
                TOLD_BY_THE_PROGRAM,
            ),
        )

    @api.model
    def _get_message_columns(self, documents, query, columns):
        title = documents._field_to_sql(query.table, documents._rec_name, query)
        responsible = self._get_column(documents, query, columns, 'user_id')
        # not env.ref: it would ask the database for each of the documents
        mail_medium_id = self.env['ir.model.data']._xmlid_to_res_id(
            'utm.utm_medium_email', raise_if_not_found=False
        )
        return {
            'kind': SQL("CASE WHEN %s THEN 'sms' ELSE 'mail' END", IS_SMS),
            'event': SQL("CASE WHEN %s THEN 'received' ELSE 'sent' END", RECEIVED),
            'name': SQL("COALESCE(NULLIF(message.subject, ''), %s)", title),
            'date': SQL('message.date'),
            'duration': None,
            'medium_id': SQL('CASE WHEN NOT %s THEN %s END', IS_SMS, mail_medium_id or None),
            # what the program writes by itself is the salesperson's
            'user_id': SQL('COALESCE(NULLIF(%s, %s), %s)', COLLEAGUE, SUPERUSER_ID, responsible),
            'origin_id': SQL('message.id'),
            'res_model': SQL("'mail.message'"),
            'res_id': SQL('message.id'),
        }
