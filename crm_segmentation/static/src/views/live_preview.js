import { Component, onWillUnmount, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { formatInteger } from "@web/views/fields/formatters";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const DELAY = 500;
// What the number of matching contacts depends on.
const VALUES = [
    "company_id",
    "cut",
    "cut_metric_id",
    "cut_months",
    "cut_number",
    "cut_part",
    "cut_parts",
    "cut_percent",
    "cut_seed",
    "domain",
    "group_id",
    "is_suppression",
    "match",
    "match_count",
    "mode",
    "roll_up",
    "scope",
    "sequence",
];
const LISTS = [
    "exclude_partner_ids",
    "include_partner_ids",
    "not_parent_ids",
    "parent_ids",
    "rule_ids",
];

/** Counts the contacts that match while the criteria are edited, without saving them. */
export class LivePreview extends Component {
    static template = "crm_segmentation.LivePreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ status: "counting", count: "", names: "", error: "" });
        this.countSoon = useDebounced(() => this.count(), DELAY);
        useRecordObserver((record) => {
            const criteria = this.getCriteria(record);
            if (criteria !== this.criteria) {
                this.criteria = criteria;
                this.state.status = "counting";
                this.countSoon();
            }
        });
        onWillUnmount(() => this.abort());
    }

    getCriteria({ data }) {
        const values = VALUES.map((name) => data[name]?.id ?? data[name]);
        const lists = LISTS.map((name) =>
            data[name]?.records.map((record) => [
                record.resId,
                record.data.display_name,
                record.data.level,
            ])
        );
        return JSON.stringify([values, lists]);
    }

    async count() {
        this.abort();
        this.state.status = "counting";
        const { record } = this.props;
        const values = await record.getChanges();
        const ids = record.resId ? [record.resId] : [];
        const request = this.orm.silent.call(record.resModel, "action_preview_draft", [ids, values]);
        this.request = request;
        let state;
        try {
            const { count, names } = await request;
            state = { status: "counted", count: formatInteger(count), names: names.join(", ") };
        } catch (error) {
            state = { status: "failed", error: error.data?.message || _t("No connection.") };
        }
        if (request === this.request) {
            Object.assign(this.state, state);
        }
    }

    cancel() {
        this.abort();
        this.state.status = "cancelled";
    }

    abort() {
        this.request?.abort?.(false);
        this.request = null;
    }
}

registry.category("view_widgets").add("crm_segment_live_preview", {
    component: LivePreview,
    fieldDependencies: [],
});
