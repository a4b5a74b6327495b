import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";

/** Who calls, and what is open with him: each a button that opens it. */
export class PhoneCalls extends Component {
    static template = "crm_extended.PhoneCalls";
    static props = { calls: Object };

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.calls = useState(this.props.calls);
    }

    get shown() {
        return Object.values(this.calls).filter(Boolean);
    }

    getTitle(call) {
        if (call.state === "ringing") {
            return call.direction === "inbound" ? _t("Incoming call") : _t("Outgoing call");
        }
        return { answered: _t("On the phone"), ended: _t("Call ended"), missed: _t("Missed call") }[
            call.state
        ];
    }

    close(call) {
        delete this.calls[call.id];
    }

    open(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openList(group) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: group.title,
            res_model: group.model,
            domain: group.domain,
            views: [
                [false, "list"],
                [false, "form"],
            ],
        });
    }

    /** Note who it is, and show what is open with him. */
    async choose(call, partnerId) {
        await this.orm.call("crm.call", "action_choose_caller", [[call.id], partnerId]);
        this.calls[call.id] = await this.orm.call("crm.call", "action_get_phone_card", [call.id]);
    }

    newCustomer(call) {
        this.dialog.add(FormViewDialog, {
            resModel: "res.partner",
            context: { default_phone: call.number },
            onRecordSaved: (record) => this.choose(call, record.resId),
        });
    }

    async newLead(call) {
        this.action.doAction(
            await this.orm.call("crm.call", "action_create_opportunity", [[call.id]])
        );
    }
}
