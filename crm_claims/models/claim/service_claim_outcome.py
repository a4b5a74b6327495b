from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError


class OutcomeDocument(NamedTuple):
    """What an outcome becomes, where the application for it is installed."""

    against: str
    outcome: str
    model: str
    create: str  # method of items of one claim: {item: draft}, made with the rights of the user


OUTCOME_DOCUMENTS = (
    OutcomeDocument('customer', 'return', 'stock.picking', '_create_returns'),
    OutcomeDocument('supplier', 'return', 'stock.picking', '_create_returns'),
    OutcomeDocument('customer', 'repair', 'repair.order', '_create_repairs'),
    OutcomeDocument('supplier', 'replacement', 'purchase.order', '_create_replacement_purchase'),
)
# What a document was made of stays as it was.
KEPT_FIELDS = {
    *('amount_granted', 'document_line', 'outcome'),
    *('product_id', 'product_uom_id', 'quantity'),
}


class ServiceClaimLine(models.Model):
    """The draft that the outcome of an item became: made once, linked both ways."""

    _inherit = 'service.claim.line'

    outcome_document = fields.Reference(
        selection='_selection_outcome_document',
        readonly=True,
        copy=False,
        index='btree_not_null',
        help='The credit note, return, order or repair that was made of the outcome.',
    )
    outcome_document_name = fields.Char(
        string='Made of It',
        compute='_compute_outcome_document_name',
        help='Number of the credit note, return, order or repair that was made of the outcome.',
    )
    is_document_due = fields.Boolean(
        compute='_compute_outcome_document_name',
        help='A document can be made of the outcome, and none was made or it is cancelled.',
    )

    # === COMPUTE METHODS === #

    @api.depends(
        *('outcome', 'outcome_document', 'claim_id.against'),
        *('claim_id.active', 'claim_id.stage_kind'),
    )
    def _compute_outcome_document_name(self):
        made = self._get_outcome_documents()
        for line in self:
            document = made.get(line)
            line.outcome_document_name = document.display_name if document else False
            line.is_document_due = (
                not document and line.claim_id._is_claiming() and bool(line._get_outcome_maker())
            )

    @api.model
    def _selection_outcome_document(self):
        found = {maker.model for maker in self._get_outcome_makers()}
        return [(name, self.env[name]._description) for name in sorted(found)]

    # === CRUD METHODS === #

    def write(self, vals):
        if self._get_kept_fields() & vals.keys():
            self._check_without_document()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_document(self):
        self._check_without_document()

    def _check_without_document(self):
        for line, document in self._get_outcome_documents().items():
            raise UserError(
                self.env._(
                    '%(document)s was made of "%(item)s", which stays as it is. Cancel or delete '
                    '%(document)s first.',
                    document=document.display_name,
                    item=line.name,
                )
            )

    @api.model
    def _get_kept_fields(self) -> set[str]:
        """Return the fields that say what a document is made of; override to add some."""
        return KEPT_FIELDS

    # === ACTIONS === #

    def action_open_outcome_document(self):
        """Open what was made of the item, for who may read it."""
        self.ensure_one()
        document = self._get_outcome_documents()[self].sudo(False)
        document.check_access('read')
        return document.get_formview_action()

    # === BUSINESS METHODS === #

    @api.model
    def _get_outcome_makers(self) -> tuple[OutcomeDocument, ...]:
        """Return what can be made of outcomes with what is installed; override to add."""
        return tuple(maker for maker in OUTCOME_DOCUMENTS if maker.model in self.env)

    def _get_outcome_maker(self):
        """Return what the outcome becomes, or nothing."""
        self.ensure_one()
        wanted = (self.claim_id.against, self.outcome)
        makers = self._get_outcome_makers()
        return next((maker for maker in makers if (maker.against, maker.outcome) == wanted), None)

    def _get_outcome_documents(self):
        """Return {item: what was made of it}, readable, without what is deleted or cancelled."""
        made = {line: line.sudo().outcome_document for line in self}
        ids = defaultdict(set)
        for document in filter(None, made.values()):
            ids[document._name].add(document.id)
        standing = {
            document
            for model, model_ids in ids.items()
            for document in self.env[model].sudo().browse(model_ids).exists()
            if document.state != 'cancel'
        }
        return {line: document for line, document in made.items() if document in standing}

    def _create_outcome_documents(self):
        """Make what is due and the user may make, and ask others for the rest.

        :raises UserError: if that is nothing and nobody can be asked
        """
        due = self.filtered('is_document_due').grouped(lambda line: line._get_outcome_maker())
        refused = {}
        for maker, lines in due.items():
            if self.env[maker.model].has_access('create'):
                lines._link_documents(getattr(lines, maker.create)())
            elif not lines._ask_for_document(maker):
                refused[maker] = lines
        if refused and len(refused) == len(due):
            self._refuse_documents(refused)

    def _ask_for_document(self, maker) -> bool:
        """Ask somebody who may make the documents; override to say whom. Return whether asked."""
        return False

    def _refuse_documents(self, refused):
        kinds = {self.env['ir.model']._get(maker.model).name for maker in refused}
        raise UserError(
            self.env._(
                'You may not make these documents: %(kinds)s. The outcome is noted; ask somebody '
                'who may to open the claim and make them.',
                kinds=sorted(kinds),
            )
        )

    def _link_documents(self, made):
        """Link items and what was made of them, and say so on both sides.

        :param made: {item: document}
        """
        for line, document in made.items():
            # sudo: what was made is the program's to write
            line.sudo().outcome_document = document
        self.claim_id._check_granted()
        for document in dict.fromkeys(made.values(), True):
            items = [line.name for line, own in made.items() if own == document]
            claim = self.claim_id
            claim._message_log(
                body=self.env._(
                    'Made: %(document)s (%(items)s)',
                    document=document._get_html_link(),
                    items=', '.join(items),
                )
            )
            document._message_log(
                body=self.env._('Made from the claim %(link)s', link=claim._get_html_link())
            )


class ServiceClaim(models.Model):
    """What a claim becomes in the other applications."""

    _inherit = 'service.claim'

    outcome_document_count = fields.Integer(compute='_compute_outcome_document_count')
    is_document_due = fields.Boolean(
        compute='_compute_outcome_document_count',
        help='A document can be made of the outcome of an item.',
    )

    @api.depends('line_ids.is_document_due', 'line_ids.outcome_document')
    def _compute_outcome_document_count(self):
        made = self.line_ids._get_outcome_documents()
        for claim in self:
            own = {made[line] for line in claim.line_ids if line in made}
            claim.outcome_document_count = len(own)
            claim.is_document_due = any(claim.line_ids.mapped('is_document_due'))

    def action_create_documents(self):
        """Make drafts of the outcomes, each once, and open them.

        Who may not make a kind of document has it asked for, where somebody is known who may.

        :raises UserError: if no outcome becomes a document, or the user may make none
        """
        self.ensure_one()
        self.check_access('write')
        self._take_turn_with(self)
        due = self.line_ids.filtered('is_document_due')
        if not due and not self.outcome_document_count:
            raise UserError(
                self.env._(
                    'Choose the outcome of the items first: what can be made of them depends on '
                    'it, and on the applications that are installed.'
                )
            )
        due._create_outcome_documents()
        return self.action_view_outcome_documents() or self._tell_asked()

    def _tell_asked(self):
        return {
            'type': 'ir.actions.client',
            'tag': 'display_notification',
            'params': {
                'message': self.env._('Asked for: who may make the documents has a to-do now.'),
                'type': 'success',
                'next': {'type': 'ir.actions.act_window_close'},
            },
        }

    def action_view_outcome_documents(self):
        """Open what was made of the items, as far as the user may read it."""
        self.ensure_one()
        made = set(self.line_ids._get_outcome_documents().values())
        readable = [document for document in made if document.sudo(False).has_access('read')]
        models_of_documents = {document._name for document in readable}
        if len(readable) == 1:
            return readable[0].sudo(False).get_formview_action()
        if len(models_of_documents) == 1:
            return self._prepare_list(readable[0]._name, [document.id for document in readable])
        return self._prepare_list('service.claim.line', self.line_ids.ids) if made else False

    def _prepare_list(self, model, ids):
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Documents of %(claim)s', claim=self.display_name),
            'res_model': model,
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('id', 'in', ids)],
            'context': {'create': False},
        }
