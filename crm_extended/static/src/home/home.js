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
/** How many looks what takes its time is left as it is. */
const LOOKS = 10;

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
        this.state = useState({ home: null, later: {}, searches: 0, isBusy: false });
        this.looks = 0;
        onWillStart(() => this.load());
        onMounted(() => this.attempt(() => this.loadLater()));
        onMounted(() => (this.timer = setInterval(() => this.refresh(), EVERY_MINUTE)));
        onWillUnmount(() => clearInterval(this.timer));
        useExternalListener(window, "focus", () => this.refresh());
        useExternalListener(document, "visibilitychange", () => this.refresh());
    }

    get home() {
        return this.state.home;
    }

    get roleName() {
        return this.props.action.params.role;
    }

    get blocks() {
        return this.home.blocks.map((block) => this.state.later[block.key] || block);
    }

    async load() {
        const answer = this.orm.silent.call("crm.home", "action_tell_home", [this.roleName]);
        this.state.home = await this.latest.add(answer);
    }

    /** Ask for the cards that take their time, each by itself; what was shown stays until then. */
    loadLater() {
        this.looks = 0;
        const later = this.home.blocks.filter((block) => block.is_later);
        return Promise.all(
            later.map(async ({ key }) => {
                const args = [this.roleName, key];
                const card = await this.orm.silent.call("crm.home", "action_tell_home_card", args);
                this.state.later[key] = card;
            })
        );
    }

    /** Show what is true now; what was shown stays until then. */
    async refresh({ isWhole = false } = {}) {
        if (document.visibilityState !== "visible") {
            return;
        }
        await this.attempt(async () => {
            await this.load();
            this.looks++;
            if (isWhole || this.looks >= LOOKS) {
                await this.loadLater();
            }
        });
    }

    /** Look at what is true now. A failure is told once. */
    async attempt(look) {
        try {
            await look();
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
        return (number && getDialAddress(number)) || href.replace(/\s+/g, "");
    }

    /** Call a method of the server and do what it answers. */
    async run({ model, method, ids }) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        const refresh = () => this.refresh({ isWhole: true });
        let isOpened = false; // what opens a page or a dialog has done nothing yet
        try {
            const answer = await this.orm.call(model, method, ids ? [ids] : []);
            isOpened = answer?.type === "ir.actions.act_window";
            if (answer?.type) {
                await this.action.doAction(answer, { onClose: refresh });
            }
        } finally {
            this.state.isBusy = false;
            if (!isOpened) {
                refresh();
            }
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
