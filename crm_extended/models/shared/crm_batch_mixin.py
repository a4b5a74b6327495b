import logging

from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...core.batches import halve

_logger = logging.getLogger(__name__)

# Somebody else was quicker: Odoo tries a request again, a job leaves the records to its next run.
LATER = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, ConcurrencyError)


class CrmBatchMixin(models.AbstractModel):
    """How work goes through many records, and what becomes of those with which it fails.

    A conflict with somebody else spoils nothing: Odoo tries again, or the next run does. What
    fails for another reason is done in halves until the record that spoils it stands alone. That
    one is logged and given up: parked, told of or left as it is, as the caller says.
    """

    _name = 'crm.batch.mixin'
    _description = 'Work in Batches'
    _batch_size = 100  # records of one transaction, where nothing else is said

    # === JOBS: EACH BATCH IS A TRANSACTION === #

    @api.model
    def _run_in_batches(self, due, work, size=None, give_up=None, follow=None, to_the_end=False):
        """Do the work on every record that is due, in committed batches.

        :param due: domain of the records; what the work leaves in it is not taken twice
        :param work: function of a recordset
        :param size: number of records in a batch
        :param give_up: function of a record and the error because of which it was left out
        :param follow: function of a batch that is done and committed; what is false stops the run
        :param to_the_end: whether to go on when the time that Odoo gives is over, for work that
            leaves what is done in the domain: the next call would begin anew
        :return: whether the run is over, not just out of time
        """
        commit_progress = self.env['ir.cron']._commit_progress
        time_left = commit_progress(remaining=self.search_count(due))
        size = size or self._batch_size
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

    def _get_batch_key(self):
        """Return what records have in common that are done together; override to keep more."""
        return self

    def _run_safely(self, due, work, give_up=None):
        """Do the work on a batch; if it fails, in halves, until the broken record stands alone.

        What somebody else holds, or changed at the same moment, is left to the next run.

        :return: the records that were done or given up
        """
        taken, error = self._attempt(lambda: self._do_what_is_due(due, work))
        if error is None:
            return taken
        if len(self) > 1:
            return self._run_halves(due, work, give_up)
        if isinstance(error, LATER):
            return self.browse()
        self._give_up(self, error, give_up)
        return self

    def _run_halves(self, due, work, give_up):
        taken = self.browse()
        for half in self._get_halves():
            taken |= half._run_safely(due, work, give_up)
            self.env['ir.cron']._commit_progress()
        return taken

    def _get_halves(self):
        """Return the batch in two parts; what belongs together is parted last of all."""
        first, second = halve(self, lambda record: record._get_batch_key())
        return self.browse().concat(*first), self.browse().concat(*second)

    def _do_what_is_due(self, due, work):
        taken = self.try_lock_for_update(allow_referencing=True).filtered_domain(due)
        work(taken)
        return taken

    def _run_whole(self, work, give_up=None):
        """Do the work on all of the records or on none, in the transaction at hand.

        :return: whether that is over, not left to the next run
        """
        _result, error = self._attempt(lambda: work(self))
        if isinstance(error, LATER):
            return False
        if error:
            self._give_up(self, error, give_up)
        return True

    def _attempt(self, work):
        """Return what the work returns, or the error for which all of the transaction is undone."""
        try:
            result = work()
            self.env.flush_all()
        except Exception as error:
            self.env.cr.rollback()
            return None, error
        return result, None

    # === WITHIN A TRANSACTION === #

    @api.model
    def _run_within(self, records, work, give_up=None):
        """Do the work on records of any model without ending the transaction.

        :return: those to which it was done
        """
        try:
            with self.env.cr.savepoint():
                work(records)
        except LATER:
            raise
        except Exception as error:
            if len(records) > 1:
                middle = len(records) // 2
                halves = records[:middle], records[middle:]
                done = (self._run_within(half, work, give_up) for half in halves)
                return records.browse().concat(*done)
            self._give_up(records, error, give_up)
            return records.browse()
        return records

    # === FAILURES === #

    @api.model
    def _give_up(self, records, error, give_up):
        if isinstance(error, UserError):
            _logger.warning('%s could not be handled: %s', records, error)
        else:
            _logger.error('%s could not be handled', records, exc_info=error)
        if give_up:
            give_up(records, error)

    @api.model
    def _get_failure_reason(self, error):
        """Return in words why a record could not be handled."""
        if isinstance(error, UserError):
            return str(error)
        return self.env._('Unexpected error: %(error)s', error=error)
