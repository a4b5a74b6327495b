import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

LATER = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class CrmContractBatchMixin(models.AbstractModel):
    """How scheduled work goes through many contracts: in committed, locked batches."""

    _name = 'crm.contract.batch.mixin'
    _description = 'Contract Batches'

    @api.model
    def _run_in_batches(self, due, work, size, give_up, follow=None, to_the_end=False):
        """Do the work on every contract that is due, in committed batches.

        :param due: domain of the contracts; what the work leaves in it is not taken twice
        :param work: function of a recordset
        :param size: number of contracts in a batch
        :param give_up: function of a contract and the error because of which it was left out
        :param follow: function of a batch that is done and committed; what is false stops the run
        :param to_the_end: whether to go on when the time that Odoo gives is over, for work that
            leaves what is done in the domain: the next call would begin anew
        :return: whether the run is over, not just out of time
        """
        commit_progress = self.env['ir.cron']._commit_progress
        time_left = commit_progress(remaining=self.search_count(due))
        last_id = 0
        while batch := self.search(due & Domain('id', '>', last_id), order='id', limit=size):
            if not time_left and not to_the_end:
                return False
            last_id = batch[-1].id
            batch = batch._complete_batch(due)
            taken = batch._run_safely(due, work, give_up)
            time_left = commit_progress(len(batch))
            if follow and not follow(taken):
                commit_progress(remaining=0)
                return True
        return True

    def _complete_batch(self, due):
        """Return the batch with those that have to be done together with it; override to add."""
        return self

    def _run_safely(self, due, work, give_up):
        """Do the work on a batch; if it fails, one by one, so that a broken contract stops nobody.

        What somebody else holds is left to the next run.

        :return: the contracts that were taken
        """
        taken = self.browse()
        try:
            taken = self.try_lock_for_update(allow_referencing=True).filtered_domain(due)
            work(taken)
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            if len(self) > 1:
                taken = self.browse()
                for contract in self:
                    taken |= contract._run_safely(due, work, give_up)
                    self.env['ir.cron']._commit_progress()
            elif not isinstance(error, LATER):
                _logger.exception('The contract %s could not be handled', self.id)
                give_up(self, error)
        return taken

    def _get_failure_reason(self, error):
        """Return in words why a contract could not be handled."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._('Unexpected error: %(error)s', error=error)
