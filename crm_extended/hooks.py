import re

from psycopg2 import Error as DatabaseError

from odoo import Command
from odoo.modules.db import has_trigram
from odoo.tools import mute_logger
from odoo.tools.translate import TranslationImporter, get_base_langs

from .core.channels import CHANNELS, get_channel_names


def pre_init_hook(env):
    _get_trigrams(env)


def post_init_hook(env):
    _show_leads(env)
    _use_our_words(env)
    _name_channels(env)
    env['res.partner']._fill_crm_acquisition()


def uninstall_hook(env):
    _restore_core_words(env)
    _restore_channels(env)
    env['crm.health']._close_door()
    forget_models(env, 'crm_extended')


def forget_models(env, addon):
    """Take along the favourites and templates of exports that people made for models of an addon.

    They name the model by a text, which no foreign key follows; so do favourites of other models
    the fields that the addon adds to them.
    """
    names = [name for name, model in env.registry.items() if model._original_module == addon]
    filters = env['ir.filters'].with_context(active_test=False)
    filters.search([('model_id', 'in', names)]).unlink()
    env['ir.exports'].search([('resource', 'in', names)]).unlink()
    filters.search([]).filtered(lambda one: _names_field_of(one, addon)).unlink()


def _names_field_of(favourite, addon):
    """Say whether a favourite searches, groups or sorts by a field that an addon adds."""
    text = ' '.join(str(favourite[name] or '') for name in ('domain', 'context', 'sort'))
    model = favourite.env.get(favourite.model_id)
    return model is not None and any(
        _leads_to_field_of(model, path, addon) for path in set(re.findall(r'[\w.]+', text))
    )


def _leads_to_field_of(model, path, addon):
    for name in path.split('.'):
        field = model._fields.get(name) if model is not None else None
        if field is None:
            return False
        if set(field._modules) == {addon}:
            return True
        model = model.env[field.comodel_name] if field.relational else None
    return False


def _get_trigrams(env):
    """Make PostgreSQL's ``pg_trgm`` available where we may: it makes searches a hundredfold faster.

    Without it everything works. It stays after an uninstall, as other indexes may use it.
    """
    if env.registry.has_trigram:
        return
    try:
        with mute_logger('odoo.sql_db'), env.cr.savepoint():
            env.cr.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    except DatabaseError:
        return
    env.registry.has_trigram = has_trigram(env.cr)


def _show_leads(env):
    """Show the Leads menu, as its box in the settings does: a customer begins as a lead.

    Whoever unticks the box later keeps it unticked; uninstalling leaves the leads in sight.
    """
    internal_user = env.ref('base.group_user')
    show_leads = env.ref('crm.group_use_lead')
    if show_leads in internal_user.all_implied_ids:
        return
    internal_user.implied_ids = [Command.link(show_leads.id)]
    env['crm.team'].search([('use_opportunities', '=', True)]).use_leads = True


def _use_our_words(env):
    """Put our words (``i18n_extra``) in the place of core's in the languages in use.

    A language that is switched on later finds them by itself: its files are read in the
    order of the addons, and the last word wins.
    """
    _load_words(env, 'crm_extended/i18n_extra').save(force_overwrite=True)


def _name_channels(env):
    """Say the names of core's channels in the language of the installation.

    Who renamed a channel keeps its name.
    """
    admin = env.ref('base.user_admin', raise_if_not_found=False) or env.user
    language = admin.lang or env.company.partner_id.lang or ''
    _rename_channels(env, get_channel_names(language))


def _restore_channels(env):
    for names in CHANNELS.values():
        _rename_channels(env, {ours: english for english, ours in names.items()})


def _rename_channels(env, names):
    channels = env['utm.medium'].with_context(active_test=False)
    data = env['ir.model.data'].search([('module', '=', 'utm'), ('model', '=', channels._name)])
    taken = set(channels.search([('name', 'in', list(names.values()))]).mapped('name'))
    for channel in channels.browse(data.mapped('res_id')).exists():
        name = names.get(channel.name)
        if name and name not in taken:
            channel.name = name


def _restore_core_words(env):
    ours = _load_words(env, 'crm_extended/i18n_extra')
    xmlids = {
        xmlid
        for translations in (ours.model_translations, ours.model_terms_translations)
        for fields in translations.values()
        for records in fields.values()
        for xmlid in records
    }
    _load_words(env, 'crm/i18n', xmlids).save(force_overwrite=True)


def _load_words(env, folder, xmlids=None):
    importer = TranslationImporter(env.cr, verbose=False)
    for code, _name in env['res.lang'].get_installed():
        for language in get_base_langs(code):
            importer.load_file(f'{folder}/{language}.po', code, xmlids=xmlids)
    return importer
