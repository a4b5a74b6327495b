"""The four dashboards open in Spanish, with every figure loaded and none in error."""

import pytest

from odoo.tests import HttpCase, new_test_user, tagged

from tests.suite import records_of_ours

# Waits until every figure is there, and complains of those that are in error.
LOOK = """
    const loader = odoo.__WOWL_DEBUG__.root.env.services.spreadsheet_dashboard_loader;
    const sleep = (time) => new Promise((resolve) => setTimeout(resolve, time));
    const getCells = ({ getters }) =>
        getters
            .getSheetIds()
            .flatMap((sheetId) => Object.values(getters.getEvaluatedCells(sheetId)));
    const isLoading = (model) =>
        getCells(model).some((cell) => cell.value === "Loading...");
    const isShown = (dashboard, name) =>
        dashboard?.data.name === name && dashboard.model && !isLoading(dashboard.model);
    // also those below the edge of the screen, which Odoo asks for once they come into sight
    const loadCharts = ({ getters }) =>
        Promise.all(
            getters.getOdooChartIds().map(async (chartId) => {
                const source = getters.getChartDataSource(chartId);
                await source.load();
                return source.isReady() && source.isValid();
            })
        );

    async function look(name) {
        document.querySelector(`.o_search_panel li[data-name="${name}"]`).click();
        for (let turn = 0; turn < 150 && !isShown(loader.getActiveDashboard(), name); turn++) {
            await sleep(100);
        }
        const { model, isSample } = loader.getActiveDashboard();
        const charts = await loadCharts(model);
        const errors = getCells(model)
            .filter((cell) => cell.type === "error")
            .map((cell) => [cell.value, cell.message]);
        if (isSample || errors.length || !charts.every(Boolean)) {
            throw new Error(`${name}: ${JSON.stringify({ isSample, errors, charts })}`);
        }
    }
"""


@pytest.mark.browser
@tagged('post_install', '-at_install')
class TestDashboardsShown(HttpCase):
    def test_four_dashboards_open_in_spanish_without_an_error(self):
        self.env['res.lang']._activate_lang('es_ES')
        director = new_test_user(
            self.env,
            'dashboards_director',
            'sales_team.group_sale_manager,crm_claims.crm_claims_group_manager',
            lang='es_ES',
            tz='Europe/Madrid',
        )
        dashboards = records_of_ours(self.env, 'spreadsheet.dashboard')
        names = dashboards.with_context(lang='es_ES').mapped('name')
        self.assertEqual(len(names), 4)
        looks = ' '.join(f'await look({name!r});' for name in names)
        self.browser_js(
            '/odoo/dashboards',
            f'{LOOK} (async () => {{ {looks} console.log("test successful"); }})()'
            '.catch((error) => console.error(error.message));',
            'Boolean(document.querySelector(".o_search_panel li"))',
            login=director.login,
        )
