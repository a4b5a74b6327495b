from .core.cases import CASE_MODELS


def create_number_sequences(env):
    """Give each existing company its number series."""
    companies = env['res.company'].search([])
    for model_name in CASE_MODELS:
        env[model_name]._get_number_sequences(companies)


def remove_number_sequences(env):
    """Number series are made per company at run time, so no data file removes them."""
    sequences = env['ir.sequence'].with_context(active_test=False)
    sequences.search([('code', 'in', CASE_MODELS)]).unlink()
