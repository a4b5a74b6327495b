import { registry } from "@web/core/registry";

function readChart() {
    const chart = window.Chart.getChart(document.querySelector(".o_graph_renderer canvas"));
    const { datasets, labels } = chart.data;
    const line = datasets.find((dataset) => dataset.yAxisID === "share");
    return { bars: datasets[0].data, labels, line, scales: Object.keys(chart.scales) };
}

function check(condition, message) {
    if (!condition) {
        throw new Error(message);
    }
}

registry.category("web_tour.tours").add("crm_claims_pareto", {
    steps: () => [
        {
            content: "the dearest cause comes first, and the line says what they come to together",
            trigger: ".o_graph_renderer canvas",
            run() {
                const { bars, labels, line, scales } = readChart();
                const total = bars.reduce((sum, value) => sum + value, 0);
                check(labels[0] === "Transport", `${labels[0]} first`);
                check(line.data[0] === (bars[0] * 100) / total, `${line.data[0]} % of the first`);
                check(line.data[1] === ((bars[0] + bars[1]) * 100) / total, "the second adds to it");
                check(Math.round(line.data.at(-1)) === 100, `${line.data.at(-1)} % of all`);
                check(scales.includes("share"), "an axis of its own");
            },
        },
        {
            content: "bars in another order have no such line",
            trigger: ".o_graph_button.fa-sort-amount-asc",
            run: "click",
        },
        {
            trigger: ".o_graph_button.fa-sort-amount-asc.active",
            run() {
                check(!readChart().line, "a line that falls");
            },
        },
    ],
});
