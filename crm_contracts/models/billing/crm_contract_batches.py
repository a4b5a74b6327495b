import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

LATER = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class CrmContract(models.Model):
    """How scheduled work goes through many contracts: in committed, locked batches."""

    _inherit = 'crm.contract'

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
        last_id, ahead = 0, set()
        while batch := self.search(
            due & Domain('id', '>', last_id) & Domain('id', 'not in', ahead), order='id', limit=size
        ):
            if not time_left and not to_the_end:
                return False
            last_id = batch[-1].id
            batch = batch._complete_batch(due & Domain('id', 'not in', ahead))
            ahead.update(id_ for id_ in batch.ids if id_ > last_id)
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
        """Do the work on a batch; if it fails, in halves, until the broken contract stands alone.

        What somebody else holds, or changed at the same moment, is left to the next run.

        :return: the contracts that were done or given up
        """
        try:
            taken = self.try_lock_for_update(allow_referencing=True).filtered_domain(due)
            work(taken)
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            if len(self) > 1:
                return self._run_halves(due, work, give_up)
            if isinstance(error, LATER):
                return self.browse()
            _logger.exception('The contract %s could not be handled', self.id)
            give_up(self, error)
            return self
        return taken

    def _run_halves(self, due, work, give_up):
        taken = self.browse()
        for half in self._get_halves():
            taken |= half._run_safely(due, work, give_up)
            self.env['ir.cron']._commit_progress()
        return taken

    def _get_halves(self):
        """Return the batch in two parts; what belongs together is parted last of all."""
        groups = list(self.grouped(lambda contract: contract._get_batch_key()).values())
        if len(groups) == 1:
            groups = list(self)
        middle, none = len(groups) // 2, self.browse()
        return none.concat(*groups[:middle]), none.concat(*groups[middle:])

    def _get_batch_key(self):
        """Return what contracts have in common that are done together; override to keep more."""
        return self

    def _get_failure_reason(self, error):
        """Return in words why a contract could not be handled."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._('Unexpected error: %(error)s', error=error)
