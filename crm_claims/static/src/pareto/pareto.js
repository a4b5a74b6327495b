import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { sortBy } from "@web/core/utils/arrays";
import { formatFloat } from "@web/views/fields/formatters";
import { GraphModel } from "@web/views/graph/graph_model";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { graphView } from "@web/views/graph/graph_view";

/** Return which percentage of all each bar reaches together with those before it. */
export function getCumulatedShares(values) {
    const total = values.reduce((sum, value) => sum + Math.max(value, 0), 0);
    let reached = 0;
    return values.map((value) => {
        reached += Math.max(value, 0);
        return total ? (reached * 100) / total : 0;
    });
}

export class ParetoModel extends GraphModel {
    /** The line over the bars, while these go from the largest to the smallest. */
    _getLineOverlayDataset() {
        const { datasets, labels } = this.data;
        if (this.metaData.order !== "DESC" || !datasets.length) {
            return super._getLineOverlayDataset();
        }
        const sums = labels.map((label, index) =>
            datasets.reduce((sum, dataset) => sum + dataset.data[index], 0)
        );
        return {
            label: _t("Cumulated share"),
            data: getCumulatedShares(sums),
            trueLabels: labels,
            yAxisID: "share",
        };
    }
}

export class ParetoRenderer extends GraphRenderer {
    getScaleOptions() {
        const scales = super.getScaleOptions();
        if (!this.model.lineOverlayDataset?.yAxisID) {
            return scales;
        }
        const share = {
            axis: "y",
            position: "right",
            min: 0,
            max: 100,
            ticks: { callback: (value) => `${value} %`, color: scales.y.ticks.color },
            grid: { display: false },
            border: { display: false },
        };
        return { ...scales, share };
    }

    getTooltipItems(data, metaData, tooltipModel) {
        const items = super.getTooltipItems(data, metaData, tooltipModel);
        sortBy(tooltipModel.dataPoints, "raw", "desc").forEach((point, index) => {
            if (point.dataset.yAxisID) {
                items[index].value = `${formatFloat(point.raw, { digits: [false, 1] })} %`;
            }
        });
        return items;
    }
}

registry.category("views").add("service_pareto", {
    ...graphView,
    Model: ParetoModel,
    Renderer: ParetoRenderer,
});
