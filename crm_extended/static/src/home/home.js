import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    useExternalListener,
    useState,
} from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { RecordAutocomplete } from "@web/core/record_selectors/record_autocomplete";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { getDialAddress } from "../phone/dial_address";

const EVERY_MINUTE = 60_000;

/** The day of a role: cards with what is to be done, each number and each row opens what it says. */
export class Home extends Component {
    static template = "crm_extended.Home";
    static components = { Layout, RecordAutocomplete };
    static props = { ...standardActionServiceProps };

    setup() {
        this.action = useService("action");
        this.notification = useService("notification");
        this.orm = useService("orm");
        this.latest = new KeepLast();
        this.display = { controlPanel: {} };
        this.state = useState({ home: null, searches: 0, isBusy: false });
        onWillStart(() => this.load());
        onMounted(() => (this.timer = setInterval(() => this.refresh(), EVERY_MINUTE)));
        onWillUnmount(() => clearInterval(this.timer));
        useExternalListener(window, "focus", () => this.refresh());
        useExternalListener(document, "visibilitychange", () => this.refresh());
    }

    get home() {
        return this.state.home;
    }

    async load() {
        const { role } = this.props.action.params;
        const answer = this.orm.silent.call("crm.home", "action_tell_home", [role]);
        this.state.home = await this.latest.add(answer);
    }

    /** Show what is true now; what was shown stays until then. A failure is told once. */
    async refresh() {
        if (document.visibilityState !== "visible") {
            return;
        }
        try {
            await this.load();
            this.isFailing = false;
        } catch {
            if (!this.isFailing) {
                this.notification.add(
                    _t("What you see is not of this moment. It is asked for again every minute."),
                    { type: "warning" }
                );
            }
            this.isFailing = true;
        }
    }

    getIcon(icon) {
        return icon.startsWith("oi") ? `oi oi-fw ${icon}` : `fa fa-fw ${icon}`;
    }

    openRole(role) {
        return this.action.doAction(role.action_id, { clearBreadcrumbs: true });
    }

    openRecord({ model, id }) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    getHref(href) {
        const number = href.startsWith("tel:") && href.slice("tel:".length);
        return (number && getDialAddress(number)) || href;
    }

    /** Call a method of the server and do what it answers. */
    async run({ model, method, ids }) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const answer = await this.orm.call(model, method, ids ? [ids] : []);
            if (answer?.type) {
                await this.action.doAction(answer, { onClose: () => this.refresh() });
            }
        } finally {
            this.state.isBusy = false;
            this.refresh();
        }
    }

    onFound({ model, method }, [id]) {
        if (id) {
            this.state.searches++; // the field is empty again
            this.run({ model, method, ids: [id] });
        }
    }
}

registry.category("actions").add("crm_home", Home);
