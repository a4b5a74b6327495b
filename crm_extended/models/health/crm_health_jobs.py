from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

# A job that is due for longer waits for a worker that does not come.
LONGEST_WAIT = timedelta(hours=1)


class CrmHealth(models.TransientModel):
    """The scheduled jobs of the suite: whether they run, and run well."""

    _inherit = 'crm.health'

    @api.model
    def _get_health_checks(self):
        return [*super()._get_health_checks(), *self._get_health_jobs()]

    @api.model
    def _get_health_jobs(self):
        """Return a check for each job that the addons brought."""
        data = self.env['ir.model.data'].search(
            [('model', '=', 'ir.cron'), ('module', 'in', self._get_health_addons())]
        )
        names = {row.res_id: row.complete_name for row in data}
        jobs = self.env['ir.cron'].search([('id', 'in', list(names))])
        running = self._find_running_jobs(jobs)
        return [self._prepare_health_job(job, names[job.id], job in running) for job in jobs]

    @api.model
    def _find_running_jobs(self, jobs):
        """Return the jobs that got on lately: the next date of a long run moves at its end only."""
        lately = fields.Datetime.now() - LONGEST_WAIT
        progress = self.env['ir.cron.progress']._read_group(
            [('cron_id', 'in', jobs.ids), ('write_date', '>', lately)], ['cron_id']
        )
        return jobs.browse(job.id for (job,) in progress)

    @api.model
    def _prepare_health_job(self, job, xmlid, is_running):
        state, advice = self._judge_health_job(job, is_running)
        return self._prepare_health_check(
            f'job.{xmlid}',
            'job',
            job.name,
            state,
            advice,
            count=job.failure_count,
            detail=self._get_health_job_detail(job),
            model_name='ir.cron',
            res_id=job.id,
        )

    @api.model
    def _judge_health_job(self, job, is_running):
        """Return how a job does, and what is to be done."""
        if job.failure_count:
            return 'act', self.env._('It fails: read the log of the server, then run it by hand.')
        if not job.active:
            # Odoo itself switches off what failed for a week, and forgets the failures
            state = 'look' if self._is_neutralised() else 'act'
            return state, self.env._('It is switched off, by hand or after a week of failures.')
        if job.nextcall < fields.Datetime.now() - LONGEST_WAIT and not is_running:
            return 'act', self.env._('No worker takes it: is Odoo running with max_cron_threads?')
        return 'good', ''

    @api.model
    def _get_health_job_detail(self, job):
        last = job.lastcall and format_datetime(self.env, job.lastcall)
        return self.env._(
            'Last: %(last)s. Next: %(next)s. Failures: %(failures)s.',
            last=last or self.env._('never'),
            next=format_datetime(self.env, job.nextcall),
            failures=job.failure_count,
        )
